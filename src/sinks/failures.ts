/** What may be shown of a failure: nothing that a library put into it, which may be an address or what was sent. */
import { GatewayError } from '../errors.ts'
import { NotNowError, RefusedError } from './sender.ts'

/** Something on this machine keeps the sink from sending, such as a file that cannot be written; the message says what. */
export class SinkSetupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'SinkSetupError'
    // Foreseen: where it came about helps nobody.
    Object.assign(this, { stack: undefined })
  }
}

/** Whose messages are ours. */
const ours = [GatewayError, NotNowError, RefusedError, SinkSetupError]

/** The failure as a sentence. */
export const tellFailure = (error: unknown): string => {
  if (!(error instanceof Error)) return UNFORESEEN
  if (ours.some(of => error instanceof of)) return error.message
  return 'code' in error && typeof error.code === 'string' ? `It failed: ${error.code}` : UNFORESEEN
}

const UNFORESEEN = 'It failed in a way that nobody foresaw; the log says more'
