// Runs one command to its end: what it printed, and (through bash, which asks the kernel) what CPU time it took.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface ChildOutput {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface TimedOutput extends ChildOutput {
  /** User and system time of the command and all its threads; microseconds, in steps of 1,000. */
  readonly cpuUs: number
  readonly elapsedMs: number
}

/** Never rejects for what the command does; a missing command is exit code null. */
export async function run(command: string, args: readonly string[]): Promise<ChildOutput> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)))
  const code = await once(child, 'close').then(
    ([status]: number[]) => status ?? null,
    () => null,
  )
  return { code, stdout, stderr }
}

/** The marker keeps what bash says apart from what the command says. */
const MARKER = 'fluxwatch-bench-times'

/** As `run`, with the CPU time that the kernel booked on the command. Needs bash. */
export async function runTimed(command: string, args: readonly string[]): Promise<TimedOutput> {
  const script = `TIMEFORMAT='${MARKER} %R %U %S'; time "$@"`
  const output = await run('bash', ['-c', script, 'bash', command, ...args])
  const [, real = '0', user = '0', system = '0'] =
    new RegExp(`${MARKER} ([\\d.]+) ([\\d.]+) ([\\d.]+)`).exec(output.stderr) ?? []
  return {
    ...output,
    cpuUs: Math.round((Number(user) + Number(system)) * 1e6),
    elapsedMs: Number(real) * 1000,
  }
}
