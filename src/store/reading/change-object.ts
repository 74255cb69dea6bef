/** Has Push change one object, and lets every cached copy of it follow at once. */
import { GatewayError, OutcomeUnknownError, UpstreamRefusedError } from '../../errors.ts'
import type { Clock } from '../../model/clock.ts'
import { isMembers } from '../../model/events.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import type { Call, Client, WriteAnswer, WriteRequest } from '../../upstream/contract/contract.ts'
import { createPartDecoders } from '../../upstream/decode/decode.ts'
import { createInterner } from '../../upstream/decode/interner.ts'
import { type Change, type Follow, wholeRow } from '../table/follow.ts'
import type { When } from '../table/table.ts'
import type { TableAccess } from '../table/tables.ts'
import type { Written } from './follow-written.ts'
import { createLookAgain } from './look-again.ts'
import type { AnewReader } from './read-anew.ts'

/**
 * What became of a change. `row`: the object as it is now; `gone`: it was deleted; `absent`: Push has no such object;
 * `unknown`: it may have been made, and `now` is the object as read again, undefined where it could not be.
 */
export type Changed<Name extends CollectionName = CollectionName> =
  | { readonly kind: 'row'; readonly row: Rows[Name] }
  | { readonly kind: 'gone' }
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'unknown'
      readonly error: OutcomeUnknownError
      readonly now: Rows[Name] | null | undefined
    }

export interface ObjectChanger {
  /** @throws {GatewayError} where the change was certainly not made */
  change<Name extends CollectionName>(
    name: Name,
    id: string,
    request: WriteRequest,
    call: Call,
  ): Promise<Changed<Name>>
}

export interface ChangerOptions extends AnewReader, TableAccess {
  readonly client: Pick<Client, 'write'>
  readonly clock: Clock
  readonly follow: Follow
  /** Hears what was changed, for others who have rows of it. */
  readonly onWritten?: ((written: Written) => void) | undefined
}

/** So long somebody who has waited for a write waits for its object to be read again. */
const READ_AGAIN_MS = 5_000

export const createObjectChanger = (options: ChangerOptions): ObjectChanger => {
  const { client, clock, table, readAnew } = options
  const takeIn = createTakeIn(options)
  const lookLater = createLookAgain(options, clock)

  /** Whoever asked may have left by now, and what happened is to be known all the same. */
  const afterwards = ({ owner, onRequest }: Call): Call => ({
    owner,
    priority: 'interactive',
    deadline: clock.now() + READ_AGAIN_MS,
    ...(onRequest === undefined ? {} : { onRequest }),
  })

  const change: ObjectChanger['change'] = async (name, id, request, call) => {
    let answer: WriteAnswer
    try {
      answer = await client.write(name, id, request, call)
    } catch (error) {
      if (error instanceof OutcomeUnknownError) {
        lookLater(name, id)
        options.onWritten?.({
          ...{ collection: name, id, at: clock.now() },
          ...{ change: undefined, isWhole: 'later' },
        })
        const now = await readAnew(name, id, clock.now(), afterwards(call)).catch(() => undefined)
        return { kind: 'unknown', error, now }
      }
      // Push may say of an id that it does not know that the request is wrong.
      const isBad = error instanceof UpstreamRefusedError && error.status === 400
      if (!isBad || (await readAnew(name, id, clock.now(), call).catch(() => undefined)) !== null)
        throw error
      return { kind: 'absent' }
    }
    if (answer.kind === 'absent') {
      // It may be the endpoint that is not there.
      if ((await readAnew(name, id, clock.now(), call)) !== null)
        throw new GatewayError(
          'UPSTREAM_INVALID',
          'Push has the object, and does not know how to make this change to it (404).',
        )
      return { kind: 'absent' }
    }
    const isWhole = takeIn(name, id, request, answer)
    if (request.method === 'DELETE' && request.part === undefined) return { kind: 'gone' }
    const known = table(name).get(id)
    if (isWhole && known !== undefined) return { kind: 'row', row: known }
    try {
      const row = await readAnew(name, id, answer.answeredAt, afterwards(call))
      return row === null ? { kind: 'gone' } : { kind: 'row', row }
    } catch (error) {
      if (known === undefined) throw made(error)
      return { kind: 'row', row: known }
    }
  }

  return { change }
}

/** The change was made, and nothing can be shown of it. */
const made = (error: unknown): OutcomeUnknownError =>
  new OutcomeUnknownError(
    'Push made the change, and the object could not be read again.',
    {},
    error instanceof GatewayError ? error : undefined,
  )

/**
 * Lets the rows follow what Push answered a write with, as they follow webhooks. False where that does not tell all that
 * was changed, or somebody else may have changed the object meanwhile: then it has to be read again.
 */
type TakeIn = (
  name: CollectionName,
  id: string,
  request: WriteRequest,
  answer: Extract<WriteAnswer, { readonly kind: 'done' }>,
) => boolean

const createTakeIn = ({ follow, peek, table, onWritten }: ChangerOptions): TakeIn => {
  const tell = (of: Pick<Written, 'id' | 'at'>, change: Change, isWhole: boolean): boolean => {
    onWritten?.({ ...of, collection: change.collection, change, isWhole })
    return isWhole
  }
  const decoders = createPartDecoders(createInterner())

  return (name, id, { method, part, body = {} }, { object, sentAt, answeredAt, occurredAt }) => {
    const known = peek(name)
    // It comes after all that was told before it was sent, whatever the clocks say.
    const when: When = {
      learntFrom: 'READ',
      at: answeredAt,
      occurredAt: Math.max(occurredAt, known?.occurredBefore(id, sentAt) ?? -Infinity),
    }
    if (method === 'DELETE' && part === undefined) {
      // What was asked for in this very millisecond may have been answered before.
      const gone = { ...when, at: answeredAt + 1 }
      const change: Change = { collection: name, type: 'DELETE', object: { id }, ...gone }
      follow(change)
      known?.missing(id, gone.at)
      return tell({ id, at: gone.at }, change, true)
    }
    // Of what came while it was under way, nobody knows whether it is older.
    const isAlone = (known?.changedAt(id) ?? 0) <= sentAt && (known?.absent(id) ?? 0) <= sentAt
    if (!isAlone) {
      onWritten?.({ collection: name, id, at: answeredAt, change: undefined, isWhole: false })
      return false
    }
    const told = isMembers(object) && (object['id'] ?? id) === id ? object : {}
    const whole = wholeRow(name, decoders[name]({ ...told, id }))
    const fields: object = decoders[name](told)
    const isTold =
      part === undefined ? Object.keys(body).every(key => key in fields) : whole !== undefined
    const now = { ...(part === undefined && !isTold ? body : {}), ...told, id }
    const change: Change = { collection: name, type: 'UPDATE', object: now, ...when }
    follow(change)
    const rows = table(name)
    if (rows.get(id) === undefined && whole !== undefined) rows.put(whole, answeredAt)
    return tell({ id, at: answeredAt }, change, isTold)
  }
}
