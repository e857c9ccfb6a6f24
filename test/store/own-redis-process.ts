// A service that starts its own Redis and lives until it is killed: `node own-redis-process.ts <data folder>`.
import { startOwnRedis } from '../../src/store/own-redis.ts'

const own = await startOwnRedis(process.argv[2]!)
process.stdout.write(`${JSON.stringify({ pid: own.pid, socketPath: own.socketPath })}\n`)
setInterval(() => {}, 60_000)
