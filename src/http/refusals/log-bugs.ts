/** What the log is told of failures that nobody foresaw: where they came about, and nothing of the rows that they met. */
import { GraphQLError } from 'graphql'
import type { AppLog } from '../logging/log.ts'
import { causeOf, isBug } from './format-error.ts'

/** Whole reports of one operation's bugs: one in a list can strike at each of its rows. */
const MOST_LOGGED = 3

/** Logs those of the errors that are bugs, the first few one by one. */
export const logBugs = (log: Pick<AppLog, 'error'>, errors: readonly GraphQLError[]): void => {
  const bugs = errors.filter(isBug)
  for (const bug of bugs.slice(0, MOST_LOGGED))
    log.error({ err: reportOf(bug), path: bug.path?.join('.') }, 'a field failed')
  if (bugs.length > MOST_LOGGED)
    log.error({ more: bugs.length - MOST_LOGGED }, 'more fields failed')
}

/** The failure as it may be logged: where GraphQL itself refuses a value of ours, its message quotes the value. */
const reportOf = (bug: GraphQLError): unknown => {
  const cause = causeOf(bug)
  if (!(cause instanceof GraphQLError)) return cause
  const message = cause.message.replace(/[:"].*$/s, '')
  return Object.assign(new Error(message), { name: cause.name, stack: undefined })
}
