/** Makes each change once, whoever asks for it again under the same name, and those of one object one after another. */
import { createHash } from 'node:crypto'
import { BadInputError, OutcomeUnknownError } from '../errors.ts'
import type { Members } from '../model/events.ts'
import {
  type AskedWrite,
  checkSameInput,
  type RecordKey,
  type Recorded,
  seen,
  type WriteResult,
} from './asked-write.ts'
import { awaitOther } from './await-other.ts'
import type { MutationName } from './mutations.ts'
import type { Queues } from './queues.ts'
import type { RecordedWrite } from './records.ts'
import type { Revisions } from './revisions.ts'
import { createSendOnce, notRecorded, type SendOnceOptions } from './send-once.ts'

/** Who asks, and where. */
export interface Asker {
  /** The name of its rights; undefined where they name nobody. */
  readonly name: string | undefined
  readonly caller: string
  readonly connector: string
}

const MAX_ID_LENGTH = 200

/** Under which name the change is recorded; undefined where it has none. @throws BadInputError where that is none */
export const recordKeyOf = (
  mutation: MutationName,
  { clientMutationId, ...asked }: Members,
  { name, caller, connector }: Asker,
): RecordKey | undefined => {
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

export interface Made {
  readonly result: WriteResult
  readonly isRepeated: boolean
}

/** Makes each change once: who asks again is given what came of it the first time. */
export const createMake = (revisions: Revisions, queues: Queues, options: SendOnceOptions) => {
  const sendRecorded = createSendOnce(revisions, options)
  const underWay = new Map<string, { readonly input: string; readonly made: Promise<Made> }>()

  const send = (asked: AskedWrite): Promise<WriteResult> => {
    const { collection, id } = asked.write
    const { alias } = asked.target.store
    return queues.next(`${alias} ${collection} ${id.toLowerCase()}`, () => sendRecorded(asked))
  }

  const makeOrRepeat = async (asked: AskedWrite, key: RecordKey): Promise<Made> => {
    const known = await find(key, options)
    if (known === undefined) return { result: await send(asked), isRepeated: false }
    return { result: await repeat(asked, known.result, options), isRepeated: true }
  }

  return async (asked: AskedWrite): Promise<Made> => {
    const { key } = asked
    if (key === undefined) return { result: await send(asked), isRepeated: false }
    const first = underWay.get(key.id)
    if (first !== undefined) {
      checkSameInput(first.input, key)
      return { result: (await first.made).result, isRepeated: true }
    }
    const made = makeOrRepeat(asked, key)
    underWay.set(key.id, { input: key.input, made })
    try {
      return await made
    } finally {
      underWay.delete(key.id)
    }
  }
}

/** What is recorded of the same, once it is over where another process has just begun it. */
const find = async (
  key: RecordKey,
  options: SendOnceOptions,
): Promise<RecordedWrite | undefined> => {
  try {
    const known = await options.records.find(key.id)
    if (known === undefined) return undefined
    checkSameInput(known.input, key)
    return await awaitOther(key.id, known, options)
  } catch (error) {
    throw error instanceof BadInputError ? error : notRecorded(error, options.onProblem)
  }
}

/** What is recorded; of what nobody knows how it ended, that it may have been made. */
const repeat = async (
  { write, target }: AskedWrite,
  result: string | null,
  { clock }: SendOnceOptions,
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
