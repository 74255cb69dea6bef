/** Answers that are given without what is stored here, as that was not to be had. */
import { LimitError } from '../../errors.ts'
import { EventsUnavailable } from '../../events/events.ts'

/**
 * The warning that it was left out: it cannot be read now, or what was asked of it is too much. Undefined for all other
 * errors: a bug must not pass for either.
 */
export const withoutStored = (
  what: string,
  error: unknown,
): { readonly code: string; readonly message: string } | undefined => {
  if (error instanceof EventsUnavailable) return { code: 'EVENTS_UNAVAILABLE', message: what }
  // It names the setting, and the way out.
  if (error instanceof LimitError) return { code: error.code, message: `${what}. ${error.message}` }
  return undefined
}
