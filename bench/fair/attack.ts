/** What a hostile caller does, and what became of it, as data: both pass between processes. */

export interface Attack {
  /**
   * `post`: one request after another on each connection; `stream`: the same, to be answered as server-sent events;
   * `socket`: operations over one WebSocket, all sent at once; `bodies`: requests that lack the last byte.
   */
  readonly way: 'post' | 'stream' | 'socket' | 'bodies'
  /** The body of a request, or the payload of an operation, as JSON; one after the other in turn. */
  readonly payloads: readonly string[]
  /** How many requests, operations or sockets there are at one time. */
  readonly count: number
  /** Whether what comes back over the WebSocket is taken. */
  readonly reads: boolean
}

/** How the first answer looked, once there was one. */
export interface Reply {
  /** 200 for what came over a WebSocket. */
  readonly status: number
  readonly bytes: number
  readonly ms: number
  /** How it begins. */
  readonly head: string
}

/** One kind of request that means harm. */
export interface HostileRequest {
  readonly name: string
  /** Whether a plain GraphQL server has what it asks for. */
  readonly everywhere: boolean
  /** `size`: 1 for as much as the caller would like, less for less of it. */
  readonly make: (size: number) => Attack
}

/** So much of a number, one at least. */
export const part = (of: number, size: number): number => Math.max(1, Math.round(of * size))

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** The request that is posted again and again, one at a time. */
export const posted = (query: string, variables: object = {}): Attack => ({
  way: 'post',
  payloads: [JSON.stringify({ query, variables })],
  count: 1,
  reads: true,
})
