// Tenants: who shares an instance. A tenant is named by its API keys, and has a share of the probing by its weight.

/** Of keys without a name, and of who needs no key. */
export const DEFAULT_TENANT = ''

const NAMED_KEY = /^([a-z][a-z0-9-]{0,31})=(.+)$/

/** An entry of the list of API keys, `key` or `tenant=key`, in its parts. */
export function splitKeyEntry(entry: string): { readonly tenant: string; readonly key: string } {
  const named = NAMED_KEY.exec(entry)
  return named ? { tenant: named[1]!, key: named[2]! } : { tenant: DEFAULT_TENANT, key: entry }
}
