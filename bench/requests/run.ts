export interface Run {
  readonly cold: Measured
  readonly warm: Measured
  /** Cold once more, for short questions: nothing that was read counts, but the process has run all of its code. */
  readonly later: Measured | undefined
  readonly estimate: { readonly requests: number; readonly ms: number }
}

export interface Measured {
  readonly ms: number
  readonly requests: number
  /** Requests that the limiter refused. */
  readonly refused: number
  /** Requests by method and route. */
  readonly routes: Readonly<Record<string, number>>
  readonly rows: number
  readonly correct: boolean
}
