/** Told to whoever works for an operation elsewhere: that it has ended before its time, or that its caller has left. */
export class EarlyEnd {
  readonly #controller = new AbortController()
  readonly signal: AbortSignal

  /** `left`: aborted where its caller leaves, who may be there for long: nothing stays with it. */
  constructor(left: AbortSignal | undefined, hasEnded: boolean) {
    const { signal } = this.#controller
    if (hasEnded) this.#controller.abort()
    this.signal = left === undefined ? signal : AbortSignal.any([left, signal])
  }

  /** It ended before its time. */
  abort(): void {
    this.#controller.abort()
  }
}
