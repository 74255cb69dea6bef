/** Sends a change once: checked against what Push has, and recorded before and after. */
import {
  BadInputError,
  GatewayError,
  OutcomeUnknownError,
  UpstreamRefusedError,
} from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import type { Row, Rows } from '../model/rows.ts'
import type { Call, Changed, ConnectorStore } from '../store/store.ts'
import {
  type AskedWrite,
  checkSameInput,
  type RecordKey,
  type Recorded,
  seen,
  type WriteResult,
} from './asked-write.ts'
import type { ObjectWrite } from './mutations.ts'
import { awaitOther } from './await-other.ts'
import type { RecordedWrite, WriteRecords } from './records.ts'
import type { Revisions, WritableName } from './revisions.ts'

export interface SendOnceOptions {
  readonly records: WriteRecords
  readonly clock: Clock
  readonly onProblem: (message: string, error: unknown) => void
}

/** Checks against what Push has, records, sends, and records what came of it. */
export const createSendOnce = (
  revisions: Revisions,
  { records, clock, onProblem }: SendOnceOptions,
) => {
  /** Records it; instead, what came of the same where another process was quicker. */
  const record = async (key: RecordKey, write: ObjectWrite): Promise<Recorded | undefined> => {
    let known: RecordedWrite | undefined
    try {
      known = await records.begin(key.id, key.input)
    } catch (error) {
      throw notRecorded(error, onProblem)
    }
    if (known === undefined) return undefined
    checkSameInput(known.input, key)
    const over = await awaitOther(key.id, known, { records, clock }).catch(() => known)
    // Made certainly not: it is ours to make now.
    if (over === undefined) return record(key, write)
    if (over.result !== null) return JSON.parse(over.result) as Recorded
    throw new OutcomeUnknownError(
      'The same change is being sent by another process: it may have been made. It is not sent again.',
      seen(write, undefined),
    )
  }

  const keep = async (
    key: RecordKey | undefined,
    what: 'finish' | 'forget',
    result = '',
  ): Promise<void> => {
    if (key === undefined) return
    try {
      await records[what](key.id, result)
    } catch (error) {
      onProblem('What came of a change could not be recorded', error)
    }
  }

  const check = async ({ write, target: { store }, input }: AskedWrite, call: Call) => {
    const { collection, id, ownerId } = write
    if (ownerId !== undefined) await checkOwner(store, ownerId, clock.now(), call)
    const revision = input['ifUnchangedSince']
    if (typeof revision !== 'string') return { isThere: true }
    const row = await store.readAnew(collection, id, clock.now(), call)
    if (row === null) return { isThere: false }
    checkUnchanged(revisions, collection, row, revision)
    return { isThere: true }
  }

  return async (asked: AskedWrite): Promise<WriteResult> => {
    const { write, target, key, input } = asked
    const { store } = target
    const { collection, id, request, ownerId } = write
    const checks = [ownerId, input['ifUnchangedSince']].filter(one => typeof one === 'string')
    const { call, release } = target.reserve(1 + checks.length)
    let isRecorded = false
    try {
      const { isThere } = await check(asked, call)
      const before = store.peek(collection)?.get(id) ?? null
      const done = key && (await record(key, write))
      if (done !== undefined) return { connector: store.alias, ...done }
      isRecorded = true
      const changed: Changed = isThere
        ? await store.change(collection, id, request, call)
        : { kind: 'absent' }
      if (changed.kind === 'unknown') throw unclear(write, changed)
      const result = resultOf(id, changed, before)
      await keep(key, 'finish', JSON.stringify(result))
      return { connector: store.alias, ...result }
    } catch (error) {
      if (isRecorded && !(error instanceof OutcomeUnknownError)) await keep(key, 'forget')
      throw error
    } finally {
      release()
    }
  }
}

/** It is told why, and nothing is sent. */
export const notRecorded = (
  error: unknown,
  onProblem: SendOnceOptions['onProblem'],
): GatewayError => {
  onProblem('A change could not be recorded, and was not sent', error)
  return new GatewayError(
    'NOT_RECORDED',
    'The change could not be recorded, so it was not sent: see the log of the server, or ask without clientMutationId',
  )
}

const resultOf = (id: string, changed: Changed, before: Row | null): Recorded => {
  const isDeleted = changed.kind === 'gone'
  return { id, row: changed.kind === 'row' ? changed.row : isDeleted ? before : null, isDeleted }
}

const unclear = (
  write: ObjectWrite,
  { error, now }: Extract<Changed, { readonly kind: 'unknown' }>,
): OutcomeUnknownError =>
  new OutcomeUnknownError(error.message, { ...error.fields, ...seen(write, now) })

/** @throws BadInputError where there is no such employee. Where employees cannot be read, Push is to judge. */
const checkOwner = async (
  store: ConnectorStore,
  ownerId: string,
  since: number,
  call: Call,
): Promise<void> => {
  if (store.table('employees').get(ownerId) !== undefined) return
  try {
    if ((await store.readAnew('employees', ownerId, since, call)) !== null) return
  } catch (error) {
    if (error instanceof UpstreamRefusedError) return
    throw error
  }
  throw new BadInputError('There is no employee with that id', 'input.ownerId')
}

const checkUnchanged = <Name extends WritableName>(
  revisions: Revisions,
  collection: Name,
  row: Rows[Name],
  revision: string,
): void => {
  const changed = revisions.changedSince(collection, row, revision)
  if (changed.length > 0)
    throw new GatewayError(
      'CONFLICT',
      `The object has changed since you read it: ${changed.join(', ')}. Nothing was sent; read it again, then decide`,
      { changed },
    )
}
