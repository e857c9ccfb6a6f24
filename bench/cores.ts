// Which core a process runs on, so that client and authority do not take time from each other.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Cores {
  /** Null: the process is not pinned. */
  readonly client: number | null
  readonly server: number | null
  /** Why nothing is pinned; null when it is. */
  readonly note: string | null
}

/** The first and the last core that this process may use. */
export function chooseCores(): Cores {
  if (spawnSync('taskset', ['--version']).status !== 0)
    return { client: null, server: null, note: 'taskset is not installed: nothing is pinned to a core' }
  const allowed = allowedCores()
  const first = allowed[0]
  const last = allowed.at(-1)
  if (first === undefined || last === undefined || first === last)
    return { client: null, server: null, note: 'only one core: client and authority share it' }
  return { client: first, server: last, note: null }
}

/** The command that runs `command` on the core. */
export function pinned(core: number | null, command: string, args: readonly string[]): [string, string[]] {
  return core === null ? [command, [...args]] : ['taskset', ['-c', String(core), command, ...args]]
}

function allowedCores(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  return list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number)
    return Array.from({ length: to - from + 1 }, (_, index) => from + index)
  })
}
