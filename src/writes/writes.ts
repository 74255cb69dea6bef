/**
 * What callers change: checked before anything is sent, sent once, recorded where it has a `clientMutationId`, and told
 * of in the audit log. One object is changed by one at a time.
 */
import { hash } from 'node:crypto'
import { GatewayError } from '../errors.ts'
import { collections } from '../model/collections.ts'
import type { Members } from '../model/events.ts'
import type { Rights } from '../model/rights.ts'
import type { WriteResult, WriteTarget } from './asked-write.ts'
import { type MutationName, mutations, wellFormedId } from './mutations.ts'
import { createMake, recordKeyOf } from './make-once.ts'
import { createQueues } from './queues.ts'
import { createRevisions, type Revisions } from './revisions.ts'
import type { SendOnceOptions } from './send-once.ts'

export interface WriteTerms {
  readonly rights: Rights
  /** Who asks, where its rights name nobody. */
  readonly caller: string
  /** What all that is told of the operation is found by. */
  readonly requestId: string | undefined
  /** The one of that alias, or else the only one that the caller sees. @throws BadInputError where that is none */
  readonly target: (alias: unknown) => WriteTarget
}

/** What is told of one mutation: never a value. */
export interface WriteNote {
  readonly requestId: string | undefined
  readonly caller: string
  readonly mutation: MutationName
  readonly connector: string | null
  readonly type: string
  /** SHA-256 of the object's id, in hexadecimal digits; null where what was given is no id. */
  readonly objectHash: string | null
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

export interface WritesOptions extends SendOnceOptions {
  /** Told of each mutation that was asked for, once it is over. */
  readonly onOver: (note: WriteNote) => void
}

export const createWrites = (options: WritesOptions): Writes => {
  const { records, onOver } = options
  const revisions = createRevisions(records.secret)
  const queues = createQueues()
  const make = createMake(revisions, queues, options)

  return {
    revisionOf: revisions.of,
    close: async () => {
      await queues.idle()
      await records.close()
    },
    run: async (mutation, input, terms) => {
      const { rights, caller, requestId } = terms
      const id = wellFormedId(input['id'])
      const { collection } = mutations[mutation]
      let connector: string | null = null
      const over = (outcome: string): void =>
        onOver({
          requestId,
          caller: rights.name ?? caller,
          mutation,
          connector,
          type: collections[collection].type,
          objectHash: id === undefined ? null : hash('sha256', id.toLowerCase()),
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
          key: recordKeyOf(mutation, input, { name: rights.name, caller, connector }),
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

export type { WriteResult, WriteTarget } from './asked-write.ts'
export type { MutationName } from './mutations.ts'
export type { WritableName } from './revisions.ts'
