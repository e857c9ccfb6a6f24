// Every URL that the API hands out is made here.

export interface LinkMaker {
  readonly scan: (id: string) => string
  readonly verdict: (domain: string) => string
  /** What history knows of a domain; it need not be watched. */
  readonly history: (
    domain: string,
  ) => Record<'observations' | 'rrsets' | 'changes' | 'new_addresses', string>
  readonly network: (id: string) => string
  readonly webhook: (id: string) => string
  /** Of a path that this service was asked for, e.g. to name the next page of it. */
  readonly path: (path: string) => string
}

/** `publicUrl` without a trailing slash; empty: links are relative to this service. */
export function makeLinks(publicUrl: string): LinkMaker {
  const ofDomain = (domain: string): string => `${publicUrl}/v1/domains/${encodeURIComponent(domain)}`
  return {
    scan: (id) => `${publicUrl}/v1/scans/${encodeURIComponent(id)}`,
    verdict: (domain) => `${ofDomain(domain)}/verdict`,
    history: (domain) => ({
      observations: `${ofDomain(domain)}/observations`,
      rrsets: `${ofDomain(domain)}/rrsets`,
      changes: `${ofDomain(domain)}/changes`,
      new_addresses: `${ofDomain(domain)}/new-addresses`,
    }),
    network: (id) => `${publicUrl}/v1/networks/${encodeURIComponent(id)}`,
    webhook: (id) => `${publicUrl}/v1/webhooks/${encodeURIComponent(id)}`,
    path: (path) => `${publicUrl}${path}`,
  }
}

/** `self` and, unless this is the last page, `next`. `url` is the request's own path with its query. */
export function pageLinks(links: LinkMaker, url: string, next: string | null): Record<string, string> {
  const self = links.path(url)
  if (next === null) return { self }
  const [path = '', query = ''] = url.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', next)
  return { self, next: links.path(`${path}?${parameters.toString()}`) }
}
