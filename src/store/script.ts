// Runs a Lua script by its digest. The scripts are the atomic steps of the live state; each lives in scripts/ with its contract.
import { createHash } from 'node:crypto'
import type { LiveRedis } from './redis.ts'

export interface Script {
  readonly lua: string
  readonly sha: string
}

export function script(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') }
}

/** Runs the script; loads it first where this server does not know it (a restart or a fail-over forgets scripts). */
export async function runScript(
  redis: LiveRedis,
  { lua, sha }: Script,
  scriptKeys: readonly string[],
  values: readonly (string | number | Buffer)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha, scriptKeys.length, ...scriptKeys, ...values)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return redis.eval(lua, scriptKeys.length, ...scriptKeys, ...values)
  }
}
