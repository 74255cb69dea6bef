/** What is told of a command that takes longer than a second: a line that is written over on a terminal, else one now and then. */
import type { Clock } from '../model/clock.ts'
import type { Terminal } from './terminal.ts'

const FIRST_MS = 1_000
const TERMINAL_EVERY_MS = 1_000
const LINE_EVERY_MS = 10_000

/**
 * Begins to tell on standard error what `describe` says of so many seconds. The returned function ends that, and takes
 * back the line that is written over: to be called before something else is written.
 */
export const showWaiting = (
  { errors, isWatched, columns }: Pick<Terminal, 'errors' | 'isWatched' | 'columns'>,
  clock: Clock,
  describe: (seconds: number) => string,
): (() => void) => {
  const from = clock.now()
  let isShown = false
  const show = (): void => {
    const text = describe(Math.round((clock.now() - from) / 1_000))
    errors.write(isWatched ? `\r\u001b[K${text.slice(0, Math.max(0, columns() - 1))}` : `${text}\n`)
    isShown = isWatched
    cancel = clock.after(isWatched ? TERMINAL_EVERY_MS : LINE_EVERY_MS, show)
  }
  let cancel = clock.after(FIRST_MS, show)
  return () => {
    cancel()
    if (isShown) errors.write('\r\u001b[K')
    isShown = false
  }
}
