/** Where the event loop of a program stood still, as the program itself notes it. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Stall {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Processor time of the main thread in one piece, in milliseconds. */
  readonly ms: number
}

const program = fileURLToPath(new URL('note-stalls.ts', import.meta.url))

/** The environment in which a program writes its stalls to that file when it ends. */
export const notingStalls = (path: string): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${program}`,
  BENCH_STALLS: path,
})

/**
 * Milliseconds of the longest one between two moments (milliseconds since 1970), once the program has ended; 0 where none was noted.
 *
 * @throws {Error} where it wrote none
 */
export const longestStall = (path: string, from: number, until: number): number => {
  if (!existsSync(path)) throw new Error('The program has not written where it stood still')
  const stalls = JSON.parse(readFileSync(path, 'utf8')) as readonly Stall[]
  return Math.max(
    0,
    ...stalls.filter(({ at, ms }) => at + ms > from && at < until).map(({ ms }) => ms),
  )
}
