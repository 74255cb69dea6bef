/** What ends the process before it is done, or has it read its files again: signals, and the end of what started it. */

/** What of the process is needed. */
export interface SignalledProcess {
  on(signal: NodeJS.Signals, listener: () => void): unknown
  exit(code: number): void
  /** The process that started it, or who took its place. */
  readonly ppid: number
}

export interface SignalTerms {
  /** Whether standard input is a terminal: SIGHUP then says that it was closed. */
  readonly isTerminal: boolean
  /** Whether npm or npx started it. */
  readonly isByNpm: boolean
  /** Milliseconds from any moment on. */
  readonly now: () => number
}

export interface ProcessWishes {
  /** Resolves when the process is asked to stop. */
  readonly stopped: Promise<void>
  /** Calls the listener when it is asked to read its files again. */
  readonly onReload: (listener: () => void) => void
}

/** With the exit code that shells expect, 128 + the number, where the process ends at once. */
const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

/** What npm hands on comes this much later at most. */
const HANDED_ON_MS = 1_000
const LOOK_MS = 250

/**
 * The first signal asks to stop, a second one ends the process at once. Under npm a signal to the whole group comes
 * twice, since npm hands on its own; and one to npm alone ends the shell that npx starts commands with, which hands on
 * none: then the process stops as well.
 */
export const listenForSignals = (
  own: SignalledProcess,
  { isTerminal, isByNpm, now }: SignalTerms,
): ProcessWishes => {
  const reloads: (() => void)[] = []
  const { promise: stopped, resolve } = Promise.withResolvers<void>()
  let askedAt: number | undefined

  const stop = (signal: keyof typeof numbers): void => {
    if (askedAt === undefined) {
      askedAt = now()
      resolve()
    } else if (!isByNpm || now() - askedAt > HANDED_ON_MS) own.exit(128 + numbers[signal])
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    own.on(signal, () => {
      stop(signal)
    })
  own.on('SIGHUP', () => {
    if (isTerminal || reloads.length === 0) stop('SIGHUP')
    else for (const reload of reloads) reload()
  })

  if (isByNpm) {
    const { ppid } = own
    const look = setInterval(() => {
      if (own.ppid === ppid) return
      clearInterval(look)
      if (askedAt === undefined) stop('SIGTERM')
    }, LOOK_MS)
    look.unref()
  }
  return { stopped, onReload: listener => reloads.push(listener) }
}
