// A real redis-server for one test file: its own process, a unix socket in a temporary folder, no TCP port, no disk.
// What is kept in it and when it is emptied is the test's business.
import { join } from 'node:path'
import { inMemoryOnly, startServer, type ServerProcess } from './redis-process.ts'

export interface TestRedis extends ServerProcess {
  /** Path of the unix socket: `new Redis({ path })`. */
  readonly path: string
  /** The same as a URL: `new Redis(url)`. */
  readonly url: string
}

/**
 * Starts a server and resolves once it accepts connections. Rejects, with what the server printed, if it ends or is
 * not ready within 10 s. `arguments_` are added to the command line, e.g. `['--appendonly', 'yes']`.
 */
export async function startRedis(
  arguments_: readonly string[] = [],
  program = 'redis-server',
): Promise<TestRedis> {
  const { folder, ...server } = await startServer({
    program,
    parameters: (inFolder) =>
      ['--port', '0', '--unixsocket', join(inFolder, 's')].concat(inMemoryOnly(inFolder), arguments_),
    saysWhenReady: 'eady to accept connections',
  })
  const path = join(folder, 's')
  return { ...server, path, url: `unix://${path}` }
}
