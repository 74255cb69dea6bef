/**
 * The events of detections, which Push's list may leave out so that only the reading of each single detection brings
 * them: five hundred requests for five hundred detections. So they are not read for every search:
 * - What lives in events (a URL, an IP address, a domain), or a search that names detections among its types, has them
 *   read, newest first, as far as three quarters of the requests and of the time that are left to the operation go;
 *   the rest remains for the links that follow. What was read is kept: asking again goes on from there.
 * - For other values, such as an e-mail address, the events are one field among many and mostly repeat what the
 *   detection's employee says already. Those alone are read that may lead to a detection which nothing else leads to:
 *   of the employees whom a found object belongs to, the newest few.
 * Where events remain that were not looked at, the search is not complete and a warning says so.
 */
import { BudgetError, GatewayError, RateLimitedError } from '../../errors.ts'
import type { Detection } from '../../model/rows.ts'
import type { Call } from '../../store/store.ts'
import { timeMs } from '../planning/cost.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { RequestBudget } from './request-budget.ts'

export interface EventsWish {
  /** The events are what the search is about. */
  readonly thorough: boolean
  /** The ids of the employees of whose detections some may be found by their events, and by nothing else. */
  readonly employees: ReadonlySet<string>
}

export interface EventsRead {
  /** Whether the events of all detections are known now. */
  readonly complete: boolean
  /** What a thorough reading lacked. */
  readonly budget: BudgetError | undefined
}

/** The share of what is left of the operation's requests and time. */
const SHARE = 0.75
/** Detections that are looked into for a search that is about other things. */
const FEW = 20
/** Detections that are read in the background after one search; the next search has the next ones read. */
const BACKGROUND_BATCH = 500

/** Reads what the wish allows of the events that the store does not know yet; failures become a warning. */
export const readDetectionEvents = async (
  wish: EventsWish,
  reader: Reader,
  operation: Operation,
  budget: RequestBudget,
): Promise<EventsRead> => {
  if (unread(reader).length === 0) return { complete: true, budget: undefined }
  const asked = reader.facts.byId('detections')
    ? wanted(wish, reader).slice(0, budget.left() * SHARE)
    : []
  const call = callOf(reader, operation)
  const answers = await Promise.all(
    asked.map(({ id }) =>
      // Other searches of the operation want the same.
      operation.made.once(`events ${reader.alias} ${id}`, async () =>
        reader.work.inTurn(() => readOne(id, call, reader, operation)),
      ),
    ),
  )
  const left = unread(reader).length
  if (left === 0) return { complete: true, budget: undefined }
  if (wish.thorough && reader.facts.byId('detections')) readLater(reader)
  return { complete: false, budget: warnOf(left, wish.thorough, answers, reader, operation) }
}

/** The detections whose events are not known and would have to be; the same few however often they are asked for. */
const wanted = ({ thorough, employees }: EventsWish, reader: Reader): readonly Detection[] =>
  thorough
    ? newestFirst(unread(reader))
    : newestFirst(
        reader
          .rowsNow('detections')
          .filter(({ employeeId }) => employeeId !== null && employees.has(employeeId)),
      )
        .slice(0, FEW)
        .filter(isUnread)

const unread = (reader: Reader): Detection[] => reader.rowsNow('detections').filter(isUnread)

const isUnread = ({ events }: Detection): boolean => events === null

const newestFirst = (detections: Detection[]): readonly Detection[] =>
  detections.sort((a, b) => b.createdAt - a.createdAt)

/** What does not fit into its share of the time is refused at once and left out. */
const callOf = (reader: Reader, operation: Operation): Call => ({
  ...operation.callFor(reader.alias, 'detections'),
  deadline: operation.startedAt + (operation.deadline - operation.startedAt) * SHARE,
})

const readOne = async (
  id: string,
  call: Call,
  reader: Reader,
  operation: Operation,
): Promise<GatewayError | undefined> => {
  try {
    const row = await reader.store.readOne('detections', id, call)
    if (row === null || row === 'unavailable') return undefined
    operation.served(reader.store.table('detections').readAt(id), false)
    operation.read(1)
    return undefined
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

/** What the caller could not wait for goes on, so that the same search, asked again, knows more. */
const readLater = (reader: Reader): void => {
  const { store } = reader
  store.refresher.carryOn('detections with their events', async () => {
    for (const { id } of newestFirst(unread(reader)).slice(0, BACKGROUND_BATCH))
      await store.readOne('detections', id, store.refresher.call)
  })
}

const warnOf = (
  left: number,
  thorough: boolean,
  answers: readonly (GatewayError | undefined)[],
  reader: Reader,
  operation: Operation,
): BudgetError | undefined => {
  const warn = (code: string, message: string): void => {
    operation.incomplete({ code, message, connector: reader.alias, collection: 'detections' })
  }
  const these = `The events of ${left} detections`
  if (!reader.facts.byId('detections')) {
    warn(
      'UPSTREAM_UNAVAILABLE',
      `${these} were not searched: the list of detections leaves them out, and the API does not give single detections`,
    )
    return undefined
  }
  const failure = answers.find(
    answer => answer !== undefined && !(answer instanceof RateLimitedError),
  )
  if (failure !== undefined) {
    warn(failure.code, `${these} could not be read and were not searched`)
    return undefined
  }
  if (!thorough) {
    warn(
      'EVENTS_NOT_READ',
      `${these} have not been read yet and were not searched; name DETECTION in "types", or in "kinds" of a timeline, to have them read`,
    )
    return undefined
  }
  const message = `${these} did not fit into the requests and the time of one operation; what was read is kept, so ask again for more`
  warn('BUDGET_EXCEEDED', message)
  const needed = { requests: left, depth: 1 }
  return new BudgetError(
    message,
    left,
    timeMs(needed, reader.terms()),
    left > operation.requestsLeft ? 'PUSHGRAPH_MAX_REQUESTS' : 'PUSHGRAPH_MAX_WAIT_MS',
  )
}
