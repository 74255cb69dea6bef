/**
 * Push's answers, kept beyond the process that asked. An answer is a fact with its time: it never changes, and one that
 * was asked for later is the newer one, whoever comes first to keep it.
 */

/** What Push answered to one question. */
export interface KeptAnswer {
  /** The body as Push sent it: JSON. */
  readonly body: string
  /** When it was asked for, in ms since 1970: what it says is no older than that. */
  readonly askedAt: number
  /** When it was answered by Push's own clock (UNIX seconds), where Push said so. */
  readonly dateSeconds: number | undefined
}

/** A question to Push. */
export interface PushQuestion {
  /** Whose: the address and the key, hashed, as the state of limits names it. */
  readonly tenant: string
  /** The path with its parameters, as sent. */
  readonly path: string
}

/** An answer that is to be kept. */
export interface NewAnswer {
  readonly question: PushQuestion
  /** The alias of the connector that has it. */
  readonly connector: string
  readonly answer: KeptAnswer
}

/** What somebody who wants an answer is to do. */
export type AnswerClaim =
  | { readonly kind: 'found'; readonly answer: KeptAnswer }
  /** Nobody has one, nor is asking: ask Push, then `put` what it says, or `leave`. To leave twice, or after it was put, does nothing. */
  | { readonly kind: 'mine'; readonly leave: () => void }

/** How much is kept. */
export interface AnswersUsage {
  readonly answers: number
  /** Bytes of the answers as they are kept, without what the file needs beside them. */
  readonly bytes: number
  /** The same by the list that they are about, such as `/accounts`. */
  readonly bytesOf: ReadonlyMap<string, number>
}

/** How the keeping of answers fares. */
export interface AnswersStanding {
  /** Why none can be kept or found now, as a sentence; undefined where nothing is wrong. */
  readonly flaw: string | undefined
  /** How often the thread of the file has ended by itself. */
  readonly deaths: number
}

export interface KeptAnswers {
  /**
   * The newest answer to `question` that was asked for at or after `notBefore` (ms), or the right to ask Push. Where
   * somebody else is asking, in whatever process, it waits for what that one gets, at most until 1.5 s after the last
   * sign of life of the other. Where nothing can be found or claimed now, it is `mine`. To who reads page after page of a
   * list as it is kept, an answer is given as it was some seconds ago at most. Another machine's clock may be up to a second
   * ahead of this one's: so far in the future an answer may have been asked for.
   *
   * @throws the reason of `signal` once that aborts
   */
  claim(question: PushQuestion, notBefore: number, signal: AbortSignal): Promise<AnswerClaim>
  /**
   * Keeps an answer unless a newer one is kept already, and ends the claim of this process: at once where there is such a
   * claim, as others may wait for it; else within a tenth of a second, or with what is asked next. Never throws: what cannot
   * be kept costs a request later.
   */
  put(question: PushQuestion, of: { readonly connector: string }, answer: KeptAnswer): void
  /** How many answers of that tenant are kept and can be read, and when the oldest was asked for (ms); undefined for none. */
  kept(tenant: string): Promise<{ readonly answers: number; readonly oldestAt: number } | undefined>
  /** Erases every answer of that connector; how many there were. @throws {AnswersUnavailable} where that cannot be done */
  forgetConnector(connector: string): Promise<number>
  /**
   * Erases every answer whose question or body holds that text, whatever its case and however it is escaped; how many
   * there were. What cannot be read is erased too. @throws {AnswersUnavailable} where that cannot be done
   */
  forgetText(text: string): Promise<number>
  /** How much is kept of each connector; empty where that cannot be told. */
  usage(): Promise<ReadonlyMap<string, AnswersUsage>>
  standing(): AnswersStanding
  /** Keeps what is under way, and ends. Every claim is `mine` from then on. */
  close(): Promise<void>
}

/** Kept answers cannot be worked on, for now or as they are. */
export class AnswersUnavailable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'AnswersUnavailable'
    // Foreseen: where it came about helps nobody.
    Object.assign(this, { stack: undefined })
  }
}

/**
 * They are out of reach: the thread of the file has ended, or cannot be started as the file cannot be used, or the database
 * does not answer. That is tried again and again.
 */
export class AnswersAway extends AnswersUnavailable {}

const nothing = (): void => undefined

/** The right to ask, of which nobody else is told. */
export const untoldClaim: AnswerClaim = { kind: 'mine', leave: nothing }

/** Where nothing is kept. */
export const noAnswers: KeptAnswers = {
  claim: () => Promise.resolve(untoldClaim),
  put: nothing,
  kept: () => Promise.resolve(undefined),
  forgetConnector: () => Promise.resolve(0),
  forgetText: () => Promise.resolve(0),
  usage: () => Promise.resolve(new Map()),
  standing: () => ({ flaw: undefined, deaths: 0 }),
  close: () => Promise.resolve(),
}
