// What REDIS_URL may say: one server, a cluster by some of its nodes, or a master that Sentinels know. Reads the form;
// connecting is the store's business. No sentence of a refusal quotes the URL: a password may stand in it.

export interface RedisNode {
  readonly host: string
  readonly port: number
}

export interface RedisUser {
  /** Null: the server's default user. */
  readonly username: string | null
  /** Null: the server asks for none. */
  readonly password: string | null
}

export type RedisPlace =
  | { readonly form: 'single'; readonly tls: boolean }
  | ({
      readonly form: 'cluster'
      readonly tls: boolean
      readonly nodes: readonly RedisNode[]
    } & RedisUser)
  | ({
      readonly form: 'sentinel'
      readonly tls: boolean
      readonly sentinels: readonly RedisNode[]
      readonly masterName: string
      readonly sentinelPassword: string | null
    } & RedisUser)

/** The URL cannot be used; the message says how it should look, and goes after the name of the variable. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError'
}

const REDIS_PORT = 6379
const SENTINEL_PORT = 26379
const CLUSTER_FORM = 'redis+cluster://user:password@host1:7000,host2:7001'
const SENTINEL_FORM = 'redis+sentinel://user:password@host1:26379,host2:26379/master-name'

/**
 * Reads `redis://`, `rediss://`, `redis+cluster://`, `redis+sentinel://` and the last two with `rediss`. Throws
 * `RedisUrlError`. Of a single server only the form is checked: the client reads that URL itself.
 */
export function parseRedisUrl(url: string): RedisPlace {
  const scheme = /^(rediss?)(?:\+(cluster|sentinel))?:\/\//.exec(url)
  const form = scheme?.[2] as 'cluster' | 'sentinel' | undefined
  if (form === undefined) {
    if (!scheme || !URL.canParse(url)) {
      throw new RedisUrlError(
        `must look like redis://host:6379 or rediss://user:password@host:6380, or like ${CLUSTER_FORM}, or like ${SENTINEL_FORM}.`,
      )
    }
    return { form: 'single', tls: scheme[1] === 'rediss' }
  }
  const tls = scheme![1] === 'rediss'
  const rest = url.slice(scheme![0].length)
  // The last @ ends the user: one in the password would have to be written as %40, and hosts have none.
  const at = rest.lastIndexOf('@')
  const user = readUser(at < 0 ? null : rest.slice(0, at))
  const [, hosts, path = '', query = ''] = /^([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(rest.slice(at + 1))!
  if (form === 'cluster') {
    if ((path !== '' && path !== '/') || query !== '') {
      throw new RedisUrlError(
        `must end after the hosts: a cluster has one database, without a number. It looks like ${CLUSTER_FORM}.`,
      )
    }
    return { form, tls, ...user, nodes: readNodes(hosts!, REDIS_PORT, CLUSTER_FORM) }
  }
  const masterName = decoded(path.slice(1))
  if (!/^[\w.-]+$/.test(masterName)) {
    throw new RedisUrlError(
      `must name the master after the Sentinels, in letters, digits, dots, hyphens and underscores: ${SENTINEL_FORM}.`,
    )
  }
  return {
    form,
    tls,
    ...user,
    sentinels: readNodes(hosts!, SENTINEL_PORT, SENTINEL_FORM),
    masterName,
    sentinelPassword: readSentinelPassword(query),
  }
}

function readUser(text: string | null): RedisUser {
  if (text === null) return { username: null, password: null }
  const colon = text.indexOf(':')
  if (colon < 0 || colon === text.length - 1) {
    throw new RedisUrlError(
      'must have a user and a password before the @, as user:password@, or the password alone, as :password@.',
    )
  }
  const username = decoded(text.slice(0, colon))
  return { username: username === '' ? null : username, password: decoded(text.slice(colon + 1)) }
}

function readNodes(text: string, defaultPort: number, form: string): RedisNode[] {
  return text.split(',').map((part, index) => {
    const found = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(part)
    const port = Number(found?.[3] ?? defaultPort)
    if (!found || port < 1 || port > 65_535) {
      throw new RedisUrlError(
        `must list hosts with ports, separated by commas; number ${index + 1} is none. It looks like ${form}.`,
      )
    }
    return { host: (found[1] ?? found[2])!, port }
  })
}

function readSentinelPassword(query: string): string | null {
  if (query === '') return null
  const found = /^sentinelPassword=([^&]+)$/.exec(query)
  if (!found) throw new RedisUrlError('may have one thing after the ?: sentinelPassword=…')
  return decoded(found[1]!)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new RedisUrlError('has a % that does not begin an escape; write a % itself as %25.')
  }
}
