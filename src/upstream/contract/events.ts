/** What the client does, for metrics and logs: never an id, a key or a query string. */
import type { ErrorCode } from '../../errors.ts'
import type { Priority } from './contract.ts'

export type UpstreamEvent =
  /** One request went to Push. `outcome` is its status, or the code of the error where no status came. */
  | {
      readonly kind: 'request'
      /** Such as `/accounts` or `/accounts/{id}`. */
      readonly path: string
      readonly outcome: number | ErrorCode
      readonly priority: Priority
      readonly waitedMs: number
      readonly latencyMs: number
      /** An operation's id, or a name for background work. */
      readonly madeFor: string
      readonly method: string
      /** How often it was sent before. */
      readonly resent: number
    }
  | {
      readonly kind: 'retry'
      readonly path: string
      readonly attempt: number
      readonly delayMs: number
      readonly code: ErrorCode
    }
  /** Push answered 429: nothing is sent for `pauseMs`. */
  | { readonly kind: 'pause'; readonly pauseMs: number }
  /** The circuit opened for `restMs`, or closed again (0). */
  | { readonly kind: 'circuit'; readonly restMs: number }
  | { readonly kind: 'learnt'; readonly fact: string; readonly verdict: string }
  /** A kept answer took the place of a request to that path. */
  | { readonly kind: 'kept'; readonly path: string }

export type OnEvent = (event: UpstreamEvent) => void

/** Where a room says what an operator should know, in a sentence without keys, bodies or rows. */
export type UpstreamLog = (level: 'info' | 'warn', message: string) => void
