/** How far an operation is that is still under way, as whoever waits for its answer is told. */
export interface Progress {
  /** Requests to Push so far, and how many it was expected to take when it began. */
  readonly requests: number
  readonly expectedRequests: number
  /** Milliseconds that it was expected to take when it began. */
  readonly expectedMs: number
  /** For turns within Push's limit so far, those of all its requests together. */
  readonly waitedMs: number
  readonly rowsRead: number
  /** The lists that it asks Push for. */
  readonly reading: readonly Reading[]
  readonly connectors: readonly Waiting[]
}

interface Reading {
  readonly connector: string
  readonly collection: string
  /** In words, as its plan has it. */
  readonly reading: string
  readonly requests: number
  readonly expectedRequests: number
}

/** What a connector that it asks stands at. */
interface Waiting {
  readonly alias: string
  readonly status: 'OK' | 'DEGRADED' | 'FAILING'
  /** Null while it is OK. */
  readonly reason: string | null
  /** Requests that wait for their turn, whoever's they are. */
  readonly queued: number
  /** How long one would wait that came now. */
  readonly estimatedWaitMs: number
}
