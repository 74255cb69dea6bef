/** The log: one JSON object per line, or a readable line on a terminal. No key, body, variable or row enters it. */
import { pino, type DestinationStream, type Logger } from 'pino'
import { PinoPretty } from 'pino-pretty'

export type AppLog = Logger

/** Members that a library hangs onto its errors (requests, bodies, whole documents) stay out. */
const toLoggedError = (error: unknown): LoggedError =>
  error instanceof Error
    ? {
        type: error.name,
        message: error.message,
        ...('code' in error ? { code: error.code } : {}),
        stack: error.stack,
        ...(error.cause === undefined ? {} : { cause: toLoggedError(error.cause) }),
      }
    : { type: typeof error, message: 'not an Error' }

/** How values are written that are not text already, by the member they are logged as. */
export const serializers = { err: toLoggedError }

export interface LogOptions {
  readonly level: string
  /** Lines for people instead of JSON. */
  readonly readable: boolean
  readonly destination: DestinationStream
}

/** The log of this process. Members that could hold a key are crossed out wherever they stand. */
export const createLog = ({ level, readable, destination }: LogOptions): AppLog =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers,
      redact: { paths: secretMembers.flatMap(name => [name, `*.${name}`, `*.*.${name}`]) },
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

const secretMembers = [
  'apiKey',
  'key',
  'secret',
  'authorization',
  'cookie',
  'headers',
  'body',
  'variables',
]

interface LoggedError {
  readonly type: string
  readonly message: string
  readonly code?: unknown
  readonly stack?: string | undefined
  readonly cause?: LoggedError
}
