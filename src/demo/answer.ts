/** What an endpoint says, before it is written to a connection. */
export interface Answer {
  readonly status: number
  /** Sent as JSON; no body where undefined. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Of a list: a token that leads to this same page. */
  readonly again?: string
}

/** Push's form of an error. */
export const refusal = (status: number, message: string): Answer => ({ status, body: { message } })
