/** The log: one JSON object per line, or a readable line on a terminal. No key, body, variable or row enters it. */
import { pino, type DestinationStream, type Logger } from 'pino'
import { PinoPretty } from 'pino-pretty'
import { GatewayError } from '../../errors.ts'

export type AppLog = Logger

/** Members that a library hangs onto its errors (requests, bodies, whole documents) stay out. */
const toLoggedError = (error: unknown): LoggedError => {
  if (error instanceof Brief) return error.logged
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' }
  return logged(error, error.stack, toLoggedError)
}

const logged = (
  error: Error,
  stack: string | undefined,
  causeOf: (cause: unknown) => LoggedError,
): LoggedError => ({
  type: error.name,
  message: error.message,
  ...('code' in error ? { code: error.code } : {}),
  ...(stack === undefined ? {} : { stack }),
  ...(error.cause === undefined ? {} : { cause: causeOf(error.cause) }),
})

/**
 * Warns of what failed and was foreseen to. Where in our code that was noticed helps nobody who runs it, and takes a line of
 * the log each: it is told at the level `debug` alone, and otherwise of failures that nobody foresaw.
 */
export const warnOf = (
  log: AppLog,
  error: unknown,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): void =>
  log.warn({ err: log.isLevelEnabled('debug') ? error : new Brief(error), ...more }, message)

class Brief {
  readonly logged: LoggedError

  constructor(error: unknown) {
    this.logged = briefly(error)
  }
}

/** What prints lines for people spreads an error over many. */
const forPeople = (line: Record<string, unknown>): Record<string, unknown> => {
  const { err, ...others } = line
  const words = err instanceof Brief ? wordsOf(err.logged) : undefined
  return words === undefined ? line : { ...others, why: words }
}

/** Undefined where there is a stack to be told. */
const wordsOf = ({ message, stack, cause }: LoggedError): string | undefined => {
  if (stack !== undefined) return undefined
  if (cause === undefined) return message
  const because = wordsOf(cause)
  return because && `${message}: ${because}`
}

const briefly = (error: unknown): LoggedError =>
  error instanceof Error && isForeseen(error)
    ? logged(error, undefined, briefly)
    : toLoggedError(error)

/** Ours, or of the operating system, a socket or a file, which have a code. */
const isForeseen = (error: Error): boolean =>
  error instanceof GatewayError || ('code' in error && typeof error.code === 'string')

/** How values are written that are not text already, by the member they are logged as. */
export const serializers = { err: toLoggedError }

export interface LogOptions {
  readonly level: string
  /** Lines for people instead of JSON. */
  readonly readable: boolean
  readonly destination: DestinationStream
}

/**
 * The log of this process. Members that could hold a key are crossed out wherever they stand in a line; what its children say
 * of themselves are ids.
 */
export const createLog = ({ level, readable, destination }: LogOptions): AppLog =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: label => ({ level: label }),
        log: readable ? line => forPeople(crossedOut(line)) : crossedOut,
      },
      serializers,
    },
    readable
      ? PinoPretty({
          destination,
          colorize: true,
          singleLine: true,
          translateTime: 'SYS:HH:MM:ss',
          // For programs, and longer than all the rest.
          ignore: 'audit,documentHash',
        })
      : destination,
  )

type Members = Record<string, unknown>

const secretMembers: ReadonlySet<string> = new Set([
  'apiKey',
  'key',
  'secret',
  'authorization',
  'cookie',
  'headers',
  'body',
  'variables',
])

/** How deep in a line they are looked for, below its own members. */
const LEVELS = 2

/**
 * The line without what could hold a key. Not by pino's own way, which copies each line with all that is in it, for
 * something that is hardly ever there: it took ten times as long as all else of a line.
 */
const crossedOut = (line: Members): Members => crossedOutOf(line, LEVELS)

const crossedOutOf = (members: Members, levels: number): Members => {
  let crossed: Members | undefined
  for (const [name, value] of Object.entries(members)) {
    const shown = secretMembers.has(name)
      ? '[Redacted]'
      : levels > 0 && holdsMembers(value)
        ? crossedOutOf(value, levels - 1)
        : value
    if (shown === value) continue
    crossed ??= Array.isArray(members) ? ([...members] as unknown as Members) : { ...members }
    crossed[name] = shown
  }
  return crossed ?? members
}

/** Not errors and the like, of which a serializer or they themselves say what is told. */
const holdsMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !(value instanceof Error) && !('toJSON' in value)

interface LoggedError {
  readonly type: string
  readonly message: string
  readonly code?: unknown
  readonly stack?: string | undefined
  readonly cause?: LoggedError
}
