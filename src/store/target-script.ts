// Runs a script on one target. Which tenant's queue it is scheduled in only its record tells, and a script must declare its keys: so it
// is run with the queue that is likely, and again with the one that it asks for.
import { parseTargetId, type TargetId } from '../core/model/target.ts'
import { DEFAULT_TENANT } from '../core/model/tenant.ts'
import { keys, partitionOf, type Partition } from './keys.ts'
import type { LiveRedis } from './redis.ts'
import { runScript, type Script } from './script.ts'

/** A record can change its tenant in between, though hardly twice. */
const ATTEMPTS = 5

export function queueKeys(partition: Partition, tenant: string): [express: string, due: string] {
  return [keys.express(partition, tenant), keys.due(partition, tenant)]
}

/** `values` without the prefix of the partition, which comes first. `tenant`: whose queue is likely. */
export async function runOnTarget(
  redis: LiveRedis,
  script: Script,
  id: TargetId,
  values: readonly (string | number | Buffer)[],
  tenant = DEFAULT_TENANT,
): Promise<unknown> {
  const { name } = parseTargetId(id)
  const partition = partitionOf(name)
  const touched = [
    keys.target(name, id),
    keys.references(name, id),
    keys.assessment(name),
    keys.leases(partition),
    keys.tenants(partition),
    keys.events(partition),
  ]
  const tenants = new Set([tenant])
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const all = [...touched, ...[...tenants].flatMap((one) => queueKeys(partition, one))]
    const answer = await runScript(redis, script, all, [keys.prefix(partition), ...values])
    if (!Array.isArray(answer) || answer[0] !== 'tenant') return answer
    tenants.add(String(answer[1]))
  }
  throw new Error(`${id} went from tenant to tenant`)
}
