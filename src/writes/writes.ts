/**
 * What callers change: checked before anything is sent, sent once, recorded where it has a `clientMutationId`, and noted
 * in the log. One object is changed by one at a time.
 */
import { createHash } from 'node:crypto'
import {
  BadInputError,
  GatewayError,
  OutcomeUnknownError,
  UpstreamRefusedError,
} from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import { collections } from '../model/collections.ts'
import type { Members } from '../model/events.ts'
import type { Rights } from '../model/rights.ts'
import type { Row, Rows } from '../model/rows.ts'
import type { Call, Changed, ConnectorStore } from '../store/store.ts'
import { type MutationName, mutations, wellFormedId, type ObjectWrite } from './mutations.ts'
import { createQueues, type Queues } from './queues.ts'
import type { WriteRecords } from './records.ts'
import { createRevisions, type Revisions, type WritableName } from './revisions.ts'

/** What a mutation gives. `row` is null where Push has no such object; of one that was deleted it is what was known. */
export interface WriteResult {
  readonly connector: string
  readonly id: string
  readonly row: Row | null
  readonly isDeleted: boolean
}

/** The connector that is written to, on the terms of the operation that asks. */
export interface WriteTarget {
  readonly store: ConnectorStore
  /** Sets so many requests aside. @throws BudgetError where they do not fit */
  reserve(requests: number): { readonly call: Call; readonly release: () => void }
}

export interface WriteTerms {
  readonly rights: Rights
  /** Who asks, where its rights name nobody. */
  readonly caller: string
  /** The one of that alias, or else the only one that the caller sees. @throws BadInputError where that is none */
  readonly target: (alias: unknown) => WriteTarget
}

/** What the log says of one mutation: never a value. */
export interface WriteNote {
  readonly caller: string
  readonly mutation: MutationName
  readonly connector: string | null
  readonly type: string
  /** Null where what was given is no id. */
  readonly id: string | null
  /** `done`, `repeated` (what was recorded was given again), `absent`, or the code of its error. */
  readonly outcome: string
}

export interface Writes {
  /** @throws {GatewayError} why it was not made, or (`OUTCOME_UNKNOWN`) that it may have been */
  run(mutation: MutationName, input: Members, terms: WriteTerms): Promise<WriteResult>
  readonly revisionOf: Revisions['of']
  /** Ends with what is under way, which must be ending. */
  close(): Promise<void>
}

export interface WritesOptions {
  readonly records: WriteRecords
  readonly clock: Clock
  /** Told of each mutation that was asked for, once it is over. */
  readonly onOver: (note: WriteNote) => void
  readonly onProblem: (message: string, error: unknown) => void
}

const MAX_ID_LENGTH = 200

export const createWrites = (options: WritesOptions): Writes => {
  const { records, onOver } = options
  const revisions = createRevisions(records.secret)
  const queues = createQueues()
  const make = createMake(revisions, queues, options)

  return {
    revisionOf: revisions.of,
    close: async () => {
      await queues.idle()
      records.close()
    },
    run: async (mutation, input, terms) => {
      const { rights, caller } = terms
      const { collection } = mutations[mutation]
      let connector: string | null = null
      const over = (outcome: string): void =>
        onOver({
          caller: rights.name ?? caller,
          mutation,
          connector,
          type: collections[collection].type,
          id: wellFormedId(input['id']) ?? null,
          outcome,
        })
      try {
        checkScope(rights, 'write')
        const target = terms.target(input['connector'])
        connector = target.store.alias
        const write = mutations[mutation].read(input)
        if (write.isPersonal) checkScope(rights, 'pii')
        const asked = {
          mutation,
          input,
          write,
          target,
          key: keyOf(mutation, input, connector, terms),
        }
        const { result, isRepeated } = await make(asked)
        over(isRepeated ? 'repeated' : result.row === null && !result.isDeleted ? 'absent' : 'done')
        return result
      } catch (error) {
        over(error instanceof GatewayError ? error.code : 'INTERNAL_SERVER_ERROR')
        throw error
      }
    },
  }
}

const checkScope = ({ scopes }: Rights, scope: 'write' | 'pii'): void => {
  if (scopes.has(scope)) return
  const why = scope === 'pii' ? ', since it carries a text that may name a person' : ''
  throw new GatewayError(
    'FORBIDDEN',
    `This change needs the scope "${scope}"${why}, and the caller does not have it`,
    { scope },
  )
}

/** Under which name it is recorded, and what it asks for; undefined where the caller gave no name. */
interface Key {
  readonly id: string
  readonly input: string
}

const keyOf = (
  mutation: MutationName,
  { clientMutationId, ...asked }: Members,
  connector: string,
  { rights: { name }, caller }: WriteTerms,
): Key | undefined => {
  if (typeof clientMutationId !== 'string') return undefined
  if (clientMutationId === '' || clientMutationId.length > MAX_ID_LENGTH)
    throw new BadInputError(
      `input.clientMutationId has 1 to ${MAX_ID_LENGTH} letters`,
      'input.clientMutationId',
    )
  const who = name === undefined ? { address: caller } : { name }
  const given = Object.entries({ ...asked, connector }).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    id: hashOf([who, connector, clientMutationId]),
    input: hashOf([mutation, given]),
  }
}

const hashOf = (of: unknown): string =>
  createHash('sha256').update(JSON.stringify(of)).digest('base64url')

interface AskedWrite {
  readonly mutation: MutationName
  readonly input: Members
  readonly write: ObjectWrite
  readonly target: WriteTarget
  readonly key: Key | undefined
}

interface Made {
  readonly result: WriteResult
  readonly isRepeated: boolean
}

/** Makes each change once: who asks again is given what came of it the first time. */
const createMake = (revisions: Revisions, queues: Queues, options: WritesOptions) => {
  const { records } = options
  const sendRecorded = createSend(revisions, options)
  const underWay = new Map<
    string,
    { readonly input: string; readonly made: Promise<WriteResult> }
  >()

  const send = (asked: AskedWrite): Promise<WriteResult> => {
    const { collection, id } = asked.write
    const { alias } = asked.target.store
    return queues.next(`${alias} ${collection} ${id.toLowerCase()}`, () => sendRecorded(asked))
  }

  return async (asked: AskedWrite): Promise<Made> => {
    const { key } = asked
    if (key === undefined) return { result: await send(asked), isRepeated: false }
    const first = underWay.get(key.id)
    if (first !== undefined) {
      checkSameInput(first.input, key)
      return { result: await first.made, isRepeated: true }
    }
    const known = records.find(key.id)
    if (known !== undefined) {
      checkSameInput(known.input, key)
      return { result: await repeat(asked, known.result, options), isRepeated: true }
    }
    const made = send(asked)
    underWay.set(key.id, { input: key.input, made })
    try {
      return { result: await made, isRepeated: false }
    } finally {
      underWay.delete(key.id)
    }
  }
}

const checkSameInput = (input: string, key: Key): void => {
  if (input !== key.input)
    throw new BadInputError(
      'Another change was asked for under this clientMutationId in the last ten minutes: give each change one of its own',
      'input.clientMutationId',
    )
}

/** What is recorded; of what nobody knows how it ended, that it may have been made. */
const repeat = async (
  { write, target }: AskedWrite,
  result: string | null,
  { clock }: WritesOptions,
): Promise<WriteResult> => {
  const { store } = target
  if (result !== null) return { connector: store.alias, ...(JSON.parse(result) as Recorded) }
  const { collection, id } = write
  const { call, release } = target.reserve(1)
  const now = await store
    .readAnew(collection, id, clock.now(), call)
    .catch(() => undefined)
    .finally(release)
  throw new OutcomeUnknownError(
    'The same change was sent before, and no answer to it is known: it may have been made. It is not sent again.',
    seen(write, now),
  )
}

type Recorded = Omit<WriteResult, 'connector'>

/** Whether the object, read again, is as was asked for; null where it could not be read. */
const seen = (
  write: ObjectWrite,
  now: Row | null | undefined,
): { readonly isAsAsked: boolean | null } => ({
  isAsAsked: now === undefined ? null : write.isMadeOn(now),
})

/** Checks against what Push has, records, sends, and records what came of it. */
const createSend = (revisions: Revisions, { records, clock, onProblem }: WritesOptions) => {
  const record = (key: Key, write: ObjectWrite): void => {
    let known
    try {
      known = records.begin(key.id, key.input)
    } catch (error) {
      onProblem('A change could not be recorded, and was not sent', error)
      throw new GatewayError(
        'NOT_RECORDED',
        'The change could not be recorded, so it was not sent: see the log of the server, or ask without clientMutationId',
      )
    }
    if (known === undefined) return
    // Another process on the same folder has it.
    checkSameInput(known.input, key)
    throw new OutcomeUnknownError(
      'The same change is being sent by another process: it may have been made. It is not sent again.',
      seen(write, undefined),
    )
  }

  const keep = (key: Key | undefined, what: 'finish' | 'forget', result = ''): void => {
    if (key === undefined) return
    try {
      records[what](key.id, result)
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
      if (key !== undefined) record(key, write)
      isRecorded = true
      const changed: Changed = isThere
        ? await store.change(collection, id, request, call)
        : { kind: 'absent' }
      if (changed.kind === 'unknown') throw unclear(write, changed)
      const result = resultOf(id, changed, before)
      keep(key, 'finish', JSON.stringify(result))
      return { connector: store.alias, ...result }
    } catch (error) {
      if (isRecorded && !(error instanceof OutcomeUnknownError)) keep(key, 'forget')
      throw error
    } finally {
      release()
    }
  }
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

export type { MutationName } from './mutations.ts'
export type { WritableName } from './revisions.ts'
