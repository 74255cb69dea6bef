/** What a command sees of the process that runs it. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { systemCode } from '../model/system/system-code.ts'

export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where relative paths start. */
  readonly directory: string
  readonly input: Readable
  readonly output: Writable
  readonly errors: Writable
  /** Whether a person reads `output`. */
  readonly isInteractive: boolean
  /** Whether a person reads `errors` on a terminal, where a line can be written over. */
  readonly isWatched: boolean
  /** Columns of that terminal now. */
  readonly columns: () => number
  /** Resolves when the process is asked to stop. */
  readonly stopped: Promise<void>
  /** Calls the listener when the process is asked to read its files again, instead of being stopped. */
  readonly onReload: (listener: () => void) => void
  /** The version of Pushgraph. */
  readonly version: string
}

/** A failure that a command foresaw: its message says what is wrong and the way out. */
export class CommandError extends Error {
  /** 1: it failed while running. 2: it was asked for wrongly. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}

/** Writes one line. */
export const say = (to: Writable, text = ''): void => {
  to.write(`${text}\n`)
}

/** The bytes of the file that holds `content`, or of standard input where it is `-`. @throws {CommandError} */
export const readInput = async (
  terminal: Terminal,
  file: string,
  content: string,
): Promise<Buffer> => {
  if (file === '-') return buffer(terminal.input)
  try {
    return await readFile(resolve(terminal.directory, file))
  } catch (error) {
    throw new CommandError(
      `${file} cannot be read (${systemCode(error) ?? 'unknown reason'}). Give the name of a file that holds ${content}, or - to read it from standard input.`,
      2,
      error,
    )
  }
}
