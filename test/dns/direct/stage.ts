// A direct vantage over a scripted Internet, with a clock that is moved by hand and authorities that can be looked at.
import { DirectSource, type DirectSourceOptions } from '../../../src/dns/direct/direct-source.ts'
import { BASE_INTERNET, ROOT_HINTS } from './base-internet.ts'
import { ScriptedAuthority } from './scripted-authority.ts'
import { ScriptedInternet, type Script } from './scripted-internet.ts'

export interface Stage {
  readonly source: DirectSource
  readonly internet: ScriptedInternet
  /** Every authority that was ever opened, by address. */
  readonly opened: readonly (readonly [string, ScriptedAuthority])[]
  /** Questions that reached an address, as `name type`, in order. */
  askedOf(...addresses: readonly string[]): string[]
  passSeconds(seconds: number): void
}

export function stage(
  scripts: readonly Script[],
  options: Partial<DirectSourceOptions> & { readonly gate?: Promise<void> } = {},
): Stage {
  const internet = new ScriptedInternet([BASE_INTERNET, ...scripts])
  const opened: (readonly [string, ScriptedAuthority])[] = []
  let nowMs = 0
  const source = new DirectSource({
    rootHints: ROOT_HINTS,
    qpsPerAuthority: 10_000,
    now: () => nowMs,
    openAuthority: ({ address }) => {
      const authority = new ScriptedAuthority(internet, address, options.gate ?? null)
      opened.push([address, authority])
      return authority
    },
    ...options,
  })
  return {
    source,
    internet,
    opened,
    askedOf: (...addresses) =>
      internet.asked.flatMap((line) => {
        const [address = '', ...question] = line.split(' ')
        return addresses.includes(address) ? [question.join(' ')] : []
      }),
    passSeconds: (seconds) => {
      nowMs += seconds * 1000
    },
  }
}
