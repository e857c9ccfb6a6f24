// What the bench and a process of the service say to each other. Types only.

/** The argument of a service process. */
export interface ServiceOrder {
  readonly socketPath: string
  readonly dataDirectory: string
  /** `constant`: the app of constant-app.ts, which uses nothing else of the order. */
  readonly role: 'worker' | 'api' | 'constant'
  readonly constantOctets: number
  readonly offsetMs: number
  /** Port of the authority on each of the resolvers' addresses. */
  readonly authorityPort: number
  readonly udpEngine: 'auto' | 'plain' | 'batched'
  readonly history: 'none' | 'sqlite'
}

export interface Usage {
  /** User and system time of the process since it began, all its threads; microseconds. */
  readonly cpuUs: number
  readonly residentOctets: number
}

/** Each is answered with `Answer`, once it is done. */
export type Call =
  | { readonly do: 'usage' }
  | { readonly do: 'jump'; readonly offsetMs: number }
  | { readonly do: 'profile' }
  /** Ends the profile and writes it. */
  | { readonly do: 'write-profile'; readonly path: string }
  | { readonly do: 'close' }

export interface Asked {
  readonly id: number
  readonly call: Call
}

export type Told =
  | { readonly kind: 'ready'; readonly url: string | null }
  | { readonly kind: 'answer'; readonly id: number; readonly usage: Usage }
  | { readonly kind: 'rounds'; readonly rounds: number; readonly unanswered: number }
