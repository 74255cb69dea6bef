/**
 * The audit log in a file of its own. Lines are added to it; where the operator moves it away, those that follow go into
 * a new one of its name. What cannot be written waits, up to a limit, and holds up nobody.
 */
import type { Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'

export interface AuditFileState {
  /** Lines that will never be written: too many waited. */
  readonly lost: number
  /** It cannot be written now. */
  readonly isFailing: boolean
}

/** UTF-16 units of the lines that wait: some 40,000 lines. */
export const MAX_WAITING = 16_777_216
/** How soon it is tried again. */
const RETRY_MS = 1_000
/** For its owner to write, for a group to read: it says who asked what. */
const MODE = 0o640

export class AuditFile {
  readonly #path: string
  readonly #onProblem: (message: string, error: unknown) => void
  readonly #retryMs: number
  #handle: FileHandle | undefined
  /** What is open, by which it is told from another file of that name. */
  #opened: Stats | undefined
  #isToBeOpened = false
  #waiting: string[] = []
  #waitingLength = 0
  /** Bytes of lines that are being written, from `#written` on. */
  #batch: Buffer = Buffer.alloc(0)
  #written = 0
  #writing: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #isFailing = false
  #lost = 0

  /** `onProblem` hears once that it cannot be written, and without an error that it can again. */
  constructor(
    path: string,
    onProblem: (message: string, error: unknown) => void,
    retryMs = RETRY_MS,
  ) {
    this.#path = path
    this.#onProblem = onProblem
    this.#retryMs = retryMs
  }

  /** @throws the system's error where it cannot be opened */
  async open(): Promise<void> {
    if (this.#handle !== undefined) return
    this.#handle = await open(this.#path, 'a', MODE)
    this.#opened = await this.#handle.stat()
  }

  /** Has a line, with the break at its end, written soon. */
  write(line: string): void {
    if (this.#waitingLength + line.length > MAX_WAITING) {
      this.#lost += 1
      return
    }
    this.#waiting.push(line)
    this.#waitingLength += line.length
    if (!this.#isFailing) this.#begin()
  }

  /** Opens it again, wherever it was moved to. */
  reopen(): void {
    this.#isToBeOpened = true
    this.#begin()
  }

  /** Writes what waits, as far as that can be, and closes it. */
  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
    clearTimeout(this.#retry)
    await this.#drain(true)
    await this.#handle?.close()
    this.#handle = undefined
  }

  state(): AuditFileState {
    return { lost: this.#lost, isFailing: this.#isFailing }
  }

  #begin(): void {
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined
      // A line may have come once it was thought that none was left.
      if (!this.#isFailing && (this.#isToBeOpened || this.#waiting.length > 0)) this.#begin()
    })
  }

  async #drain(isLast = false): Promise<void> {
    try {
      while (this.#isToBeOpened || this.#written < this.#batch.length || this.#waiting.length > 0) {
        const handle = await this.#current()
        this.#take()
        await this.#writeBatch(handle)
        this.#works()
      }
    } catch (error) {
      this.#fails(error, isLast)
    }
  }

  /** The file of that name as it is now. */
  async #current(): Promise<FileHandle> {
    const before = this.#handle
    const isStill = !this.#isToBeOpened && isSame(this.#opened, await statOf(this.#path))
    if (before !== undefined && isStill) return before
    const handle = await open(this.#path, 'a', MODE)
    const opened = await handle.stat()
    // A line of which a part is in another file is written whole.
    if (!isSame(this.#opened, opened) && this.#written > 0)
      this.#written = this.#batch.lastIndexOf(LINE_BREAK, this.#written - 1) + 1
    this.#handle = handle
    this.#opened = opened
    this.#isToBeOpened = false
    await before?.close()
    return handle
  }

  #take(): void {
    if (this.#written < this.#batch.length) return
    this.#batch = Buffer.from(this.#waiting.join(''))
    this.#written = 0
    this.#waiting = []
  }

  async #writeBatch(handle: FileHandle): Promise<void> {
    while (this.#written < this.#batch.length) {
      const { bytesWritten } = await handle.write(this.#batch, this.#written)
      this.#written += bytesWritten
    }
    this.#waitingLength = this.#waiting.reduce((sum, { length }) => sum + length, 0)
  }

  #works(): void {
    if (!this.#isFailing) return
    this.#isFailing = false
    const lost = this.#lost === 0 ? '' : `; ${this.#lost} lines are lost so far`
    this.#onProblem(`The audit log can be written again${lost}`, undefined)
  }

  #fails(error: unknown, isLast: boolean): void {
    if (!this.#isFailing)
      this.#onProblem(
        'The audit log cannot be written: its lines wait until it can, or are lost where too many wait',
        error,
      )
    this.#isFailing = true
    clearTimeout(this.#retry)
    if (isLast) return
    this.#retry = setTimeout(() => this.#begin(), this.#retryMs)
    this.#retry.unref()
  }
}

const LINE_BREAK = 10

/** Undefined where there is none, or it cannot be seen. */
const statOf = async (path: string): Promise<Stats | undefined> => {
  try {
    return await stat(path)
  } catch {
    return undefined
  }
}

const isSame = (one: Stats | undefined, other: Stats | undefined): boolean =>
  one !== undefined && one.ino === other?.ino && one.dev === other.dev
