// Asks the service of this configuration whether it lives; for the health check of a container.
import { request } from 'undici'
import { readConfig, urlOf } from '../config.ts'

/** Sets exit code 1 when /livez does not answer 200 within three seconds. */
export async function health(): Promise<void> {
  const { host, port } = readConfig()
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  try {
    const { statusCode, body } = await request(`${urlOf(reachable, port)}/livez`, {
      headersTimeout: 3000,
      bodyTimeout: 3000,
    })
    await body.dump()
    if (statusCode !== 200) throw new Error(`/livez answered ${statusCode}`)
  } catch (error) {
    process.stderr.write(
      `fluxwatch: not healthy: ${error instanceof Error ? error.message : String(error)}\n`,
    )
    process.exitCode = 1
  }
}
