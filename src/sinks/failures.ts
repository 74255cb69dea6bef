/** What may be shown of a failure: nothing that a library put into it, which may be an address or what was sent. */
import { GatewayError } from '../errors.ts'
import { NotNowError, RefusedError, SetupError } from './sender.ts'
import { systemCode } from '../model/system/system-code.ts'

/** Whose messages are ours. */
const ours = [GatewayError, NotNowError, RefusedError, SetupError]

/** The failure as a sentence. */
export const tellFailure = (error: unknown): string => {
  if (!(error instanceof Error)) return UNFORESEEN
  if (ours.some(of => error instanceof of)) return error.message
  const code = systemCode(error)
  return code === undefined ? UNFORESEEN : `It failed: ${code}`
}

const UNFORESEEN = 'It failed in a way that nobody foresaw; the log says more'
