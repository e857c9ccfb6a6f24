// What CLICKHOUSE_URL may say: a server (or a proxy before several) by HTTP, and the database in it. Reads the form; connecting is the
// store's business. No sentence of a refusal quotes the URL: a password may stand in it.

export interface ClickHousePlace {
  /** Scheme, user and password where there are any, host and port; nothing after them. */
  readonly url: string
  readonly database: string
}

/** The URL cannot be used; the message says how it should look, and goes after the name of the variable. */
export class ClickHouseUrlError extends Error {
  override readonly name = 'ClickHouseUrlError'
}

const DEFAULT_DATABASE = 'fluxwatch'
const FORM = 'http://user:password@host:8123/database, or https://user:password@host:8443/database'

/** Throws `ClickHouseUrlError`. Without a path the database is `fluxwatch`. */
export function parseClickHouseUrl(text: string): ClickHousePlace {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new ClickHouseUrlError(`must look like ${FORM}.`)
  }
  if (![url.username, url.password].every(isDecodable)) {
    throw new ClickHouseUrlError(
      'has a % that does not begin an escape in its user or password; write a % itself as %25.',
    )
  }
  if (url.search !== '' || url.hash !== '') {
    throw new ClickHouseUrlError(`must end after the database, without ? and #. It looks like ${FORM}.`)
  }
  const database = url.pathname === '/' ? DEFAULT_DATABASE : url.pathname.slice(1)
  if (!/^[A-Za-z_]\w{0,63}$/.test(database)) {
    throw new ClickHouseUrlError(
      `must name a database in letters, digits and underscores, not beginning with a digit. It looks like ${FORM}.`,
    )
  }
  url.pathname = ''
  return { url: url.href, database }
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
