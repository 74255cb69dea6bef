/** What changes something in Push, where that is served; and what an object is like, for whoever means to change it. */
import type { Resolvers } from '../../generated/resolvers.ts'
import type { FoundObject } from '../../loaders/loaders.ts'
import type { Members } from '../../model/events.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import type { MutationName, WritableName, Writes } from '../../writes/writes.ts'
import type { Context } from '../context.ts'
import type { WritePayloadParent } from '../parents.ts'

const writesOf = ({ writes }: Context): Writes => {
  if (writes === undefined) throw new Error('Mutations are in the schema, and nothing makes them')
  return writes
}

const mutate =
  (mutation: MutationName) =>
  async (
    _root: unknown,
    { input }: { readonly input: object },
    context: Context,
  ): Promise<WritePayloadParent> => {
    const { rights, work, loaders, record } = context
    const given = input as Members
    const { connector, id, row, isDeleted } = await writesOf(context).run(mutation, given, {
      rights,
      caller: work.caller,
      requestId: record?.requestId,
      target: alias => loaders.writeTarget(typeof alias === 'string' ? alias : undefined),
    })
    return {
      clientMutationId: (given['clientMutationId'] ?? null) as string | null,
      deletedId: isDeleted ? id : null,
      found: row && { connector, row },
    }
  }

const found = <Name extends CollectionName>(payload: WritePayloadParent) =>
  payload.found as FoundObject<Name> | null

const revision =
  <Name extends WritableName>(name: Name) =>
  ({ row }: { readonly row: Rows[Name] }, _args: unknown, context: Context): string =>
    writesOf(context).revisionOf(name, row)

/** They stand in the schema with mutations alone. */
export const mutationResolvers: Resolvers = {
  Mutation: {
    updateDetection: mutate('updateDetection'),
    updateApp: mutate('updateApp'),
    updateEmployee: mutate('updateEmployee'),
    deleteAccount: mutate('deleteAccount'),
    removeAccountLoginMethod: mutate('removeAccountLoginMethod'),
  },
  UpdateDetectionPayload: { detection: found<'detections'> },
  UpdateAppPayload: { app: found<'apps'> },
  UpdateEmployeePayload: { employee: found<'employees'> },
  DeleteAccountPayload: {
    deletedAccountId: ({ deletedId }) => deletedId,
    account: found<'accounts'>,
  },
  RemoveAccountLoginMethodPayload: { account: found<'accounts'> },
  Detection: { revision: revision('detections') },
  App: { revision: revision('apps') },
  Employee: { revision: revision('employees') },
  Account: { revision: revision('accounts') },
}
