/** What the answer to one operation takes while it is made, counted among all that are. */

/** What answers that are being made may take together. */
export interface AnswerBytes {
  /** Counts so many bytes more for that caller, or says why it may not have them. */
  take(caller: string, bytes: number): Error | undefined
  give(caller: string, bytes: number): void
}

/** It is counted by so many bytes at a time: most answers never come to that. */
const LARGE_BYTES = 65_536

/** Of that caller, from its first large part until it settles. */
export class HeldAnswer {
  readonly #answers: AnswerBytes
  readonly #payer: string
  /** Bytes that are counted. */
  #taken = 0

  constructor(answers: AnswerBytes, payer: string) {
    this.#answers = answers
    this.#payer = payer
  }

  /** It has so many bytes by now; why these may not be had, undefined where they may. */
  grow(bytes: number): Error | undefined {
    const more = bytes - this.#taken
    if (more < LARGE_BYTES) return undefined
    const refused = this.#answers.take(this.#payer, more)
    if (refused === undefined) this.#taken += more
    return refused
  }

  /** It is made, or never will be. */
  settle(): void {
    if (this.#taken > 0) this.#answers.give(this.#payer, this.#taken)
    this.#taken = 0
  }
}
