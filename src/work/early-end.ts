/** Told to whoever works for an operation elsewhere: that it has ended before its time. */
export class EarlyEnd {
  readonly #controller = new AbortController()
  readonly #stay: (() => void) | undefined

  /** `left`: aborted where its caller leaves, which `leave` is told of at once. */
  constructor(left: AbortSignal | undefined, leave: () => void, hasEnded: boolean) {
    if (hasEnded || left?.aborted === true) this.#controller.abort()
    else if (left !== undefined) {
      left.addEventListener('abort', leave, { once: true })
      const stay = (): void => left.removeEventListener('abort', leave)
      this.#stay = stay
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** It ended before its time. */
  abort(): void {
    this.#controller.abort()
  }

  /** It ended well: its caller may leave. */
  stay(): void {
    this.#stay?.()
  }
}
