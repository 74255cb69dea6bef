/** What is told of an export while it runs: one line that is written over on a terminal, else a line now and then. */
import type { Clock } from '../model/clock.ts'
import type { PartStand } from './export.ts'
import type { ExportPart } from './part.ts'

export interface ProgressDisplay {
  readonly onRequest: () => void
  readonly onStand: (stand: PartStand) => void
  /** Something to say that is no progress. */
  readonly say: (line: string) => void
  /** Push fails, and is asked again; said now and then. */
  readonly trouble: (message: string) => void
  /** Takes back the line that is written over. */
  readonly clear: () => void
  /** The figures of the whole, such as `1,234 objects, 12 requests, 0:02`. */
  readonly figures: (rows: number) => string
}

export interface ProgressOptions {
  readonly parts: readonly ExportPart[]
  /** Parts that are done already. */
  readonly done: readonly ExportPart[]
  readonly clock: Clock
  /** Writes to where people read it. */
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  /** Columns of the terminal: what does not fit would begin a line that is not written over. */
  readonly columns?: () => number
}

const BAR = 24
/** A shorter bar tells nothing. */
const LEAST_BAR = 4
/** Where the terminal does not know its own. */
const USUAL_COLUMNS = 80
/** Milliseconds between two looks at a terminal, and between two lines elsewhere. */
const TERMINAL_EVERY_MS = 100
const LINE_EVERY_MS = 10_000

/** Nothing has been told yet. */
export const createProgress = (options: ProgressOptions): ProgressDisplay => {
  const { parts, clock, write, isTerminal } = options
  const startedAt = clock.now()
  const lineEveryMs = isTerminal ? TERMINAL_EVERY_MS : LINE_EVERY_MS
  const metOf = new Map<ExportPart, number>()
  const done = new Set(options.done)
  let requests = 0
  let lastAt = isTerminal ? -Infinity : startedAt
  let troubledAt = -Infinity
  let isShown = false

  const clear = (): void => {
    if (isShown) write('\r\u001b[K')
    isShown = false
  }

  const say = (line: string): void => {
    clear()
    write(`${line}\n`)
  }

  const figures = (rows: number): string => {
    const seconds = (clock.now() - startedAt) / 1_000
    const perSecond = seconds < 1 ? '' : `, ${(requests / seconds).toFixed(1)}/s`
    return `${count(rows)} objects, ${count(requests)} requests${perSecond}`
  }

  const show = ({ part, rows, met }: PartStand): void => {
    const expected = part.expected()
    const share = expected === undefined || expected === 0 ? undefined : Math.min(1, met / expected)
    const left = leftMs(parts, done, metOf, clock.now() - startedAt)
    const rest = left === undefined ? '' : `, ${clockTime(left)} left`
    const where = `${part.connector} ${part.type}`
    if (!isTerminal) {
      const percent = share === undefined ? '' : ` ${Math.floor(share * 100)}%`
      write(`${where}${percent}: ${figures(rows)}${rest}\n`)
      return
    }
    const columns = options.columns?.() ?? 0
    const width = columns > 0 ? columns : USUAL_COLUMNS
    write(`\r\u001b[K${fitted(width, where, share, figures(rows) + rest)}`)
    isShown = true
  }

  return {
    onRequest: () => {
      requests += 1
    },
    onStand: stand => {
      metOf.set(stand.part, stand.met)
      if (stand.isDone) done.add(stand.part)
      const now = clock.now()
      if (now - lastAt < lineEveryMs) return
      lastAt = now
      show(stand)
    },
    say,
    trouble: message => {
      const now = clock.now()
      if (now - troubledAt < LINE_EVERY_MS) return
      troubledAt = now
      say(`${message} It is asked again.`)
    },
    clear,
    figures: rows => `${figures(rows)}, ${clockTime(clock.now() - startedAt)}`,
  }
}

/** Milliseconds until the end, after what is known of the sizes; undefined where too little is. */
const leftMs = (
  parts: readonly ExportPart[],
  done: ReadonlySet<ExportPart>,
  metOf: ReadonlyMap<ExportPart, number>,
  elapsedMs: number,
): number | undefined => {
  let met = 0
  let all = 0
  for (const part of parts) {
    const has = metOf.get(part) ?? 0
    const expected = done.has(part) ? has : part.expected()
    if (expected === undefined) return undefined
    met += has
    all += Math.max(has, expected)
  }
  return met === 0 ? undefined : (elapsedMs * (all - met)) / met
}

/** What it is, a bar for how much of it there is, and the figures, in one line of a terminal. */
const fitted = (
  columns: number,
  what: string,
  share: number | undefined,
  figures: string,
): string => {
  // The last column stays free: some terminals begin the next line with it.
  const room = columns - 1 - what.length - figures.length - 2
  if (room < LEAST_BAR) return `${what} ${figures}`.slice(0, Math.max(0, columns - 1))
  const bar = Math.min(BAR, room)
  const filled = Math.round((share ?? 0) * bar)
  return `${what} ${'█'.repeat(filled)}${'░'.repeat(bar - filled)} ${figures}`
}

const count = (number: number): string => number.toLocaleString('en-US')

/** `0:07`, `12:30`, `1:02:05` */
const clockTime = (ms: number): string => {
  const seconds = Math.round(ms / 1_000)
  const pad = (part: number): string => String(part).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  return hours === 0
    ? `${minutes}:${pad(seconds % 60)}`
    : `${hours}:${pad(minutes)}:${pad(seconds % 60)}`
}
