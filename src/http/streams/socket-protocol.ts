/** The protocol `graphql-transport-ws`, as it asks for operations and tells of their answers. */
import { type ExecutionArgs, GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql'
import {
  type Context,
  makeServer,
  type Server as Protocol,
  type SubscribePayload,
} from 'graphql-ws'
import { BadInputError, GatewayError } from '../../errors.ts'
import type { AppLog } from '../logging/log.ts'
import { noteErrors } from '../logging/operation-notes.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { RunningOperation } from './running-operation.ts'
import type { SocketOperations } from './socket-operations.ts'
import type { AnswerPlaces } from './answer-places.ts'
import { readParameters } from './parameters.ts'
import {
  kindOf,
  type StreamCaller,
  type StreamedOperation,
  type Streams,
  subscriptionsIn,
} from './streams.ts'

/** What the protocol knows of a connection. */
export interface Extra {
  readonly admit: (asked: unknown) => Maybe<unknown>
  readonly operations: SocketOperations
  readonly log: Pick<AppLog, 'error'>
  readonly places: AnswerPlaces
  /** Whether its first message, with that payload, lets it be used. */
  readonly connect: (payload: Readonly<Record<string, unknown>> | undefined) => Maybe<boolean>
}

/** One for all that are left at once: to make one takes longer than all else that is still done for it. */
const nobodyWaits: readonly GraphQLError[] = [new GraphQLError('Nobody waits for it')]

/** The protocol, as it asks for operations and tells of their answers. */
export const speak = ({
  schema,
  streams,
}: {
  readonly schema: GraphQLSchema
  readonly streams: Streams
}): Protocol<Extra> => {
  /** It may run now, if it can be understood; else why not. */
  const letIn = async (
    operation: RunningOperation,
    payload: SubscribePayload,
    { admit }: Extra,
  ): Promise<readonly GraphQLError[] | ExecutionArgs> => {
    if (!(await operation.enter(payload.query.length))) return nobodyWaits
    const parameters = readParameters(await admit(payload), false)
    if (typeof parameters === 'string') throw new BadInputError(parameters)
    const asked = await streams.read(parameters, operation.caller, operation.notes)
    if (asked instanceof GraphQLError) return [asked]
    const errors = streams.check(asked, operation.notes)
    if (errors.length > 0) return errors
    if (kindOf(asked) === OperationTypeNode.SUBSCRIPTION)
      // The protocol holds all that came.
      operation.subscribe(subscriptionsIn(asked, payload))
    return toArguments(schema, asked, operation)
  }

  return makeServer<Record<string, unknown>, Extra>({
    onConnect: async context => {
      const { extra, connectionParams } = context
      const mayBeUsed = await extra.connect(connectionParams)
      // Else it would be held for as long as the connection is.
      delete (context as { connectionParams?: unknown }).connectionParams
      return mayBeUsed
    },
    // Thrown by the parser, an error would end the connection and all that goes on over it.
    onSubscribe: async ({ extra }: Context<Record<string, unknown>, Extra>, id, payload) => {
      const operation = extra.operations.of(id)
      if (operation === undefined) return nobodyWaits
      try {
        return await letIn(operation, payload, extra)
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        // Not with the failure behind it: the trace of that takes far longer than the refusal, and there may be many.
        return [
          new GraphQLError(error.message, { extensions: { code: error.code, ...error.fields } }),
        ]
      }
    },
    execute: args => streams.execute(enteredOf(args).asked, callerOf(args)),
    subscribe: async args => {
      const { operation, asked } = enteredOf(args)
      const answers = await streams.subscribe(asked, callerOf(args))
      operation.hasBegun()
      return answers
    },
    onError: ({ extra }, id, _payload, errors) => {
      const operation = extra.operations.of(id)
      // That its reader is gone is no bug of ours.
      if (errors === nobodyWaits || operation?.signal.aborted === true)
        return nobodyWaits.map(error => error.toJSON())
      const log = operation?.notes.log ?? extra.log
      const formatted = streams.format({ errors }, log).errors ?? []
      if (operation !== undefined) noteErrors(operation.notes, formatted)
      return [...formatted]
    },
    onNext: ({ extra }, id, _payload, _args, result) => {
      const operation = extra.operations.of(id)
      const log = operation?.notes.log ?? extra.log
      const formatted = streams.format(result as Parameters<Streams['format']>[0], log)
      if (operation !== undefined) noteErrors(operation.notes, formatted.errors)
      return extra.places.hold(formatted)
    },
  })
}

/** What the protocol is given with an operation, and gives back. */
interface Entered {
  readonly operation: RunningOperation
  readonly asked: StreamedOperation
}

const toArguments = (
  schema: GraphQLSchema,
  asked: StreamedOperation,
  operation: RunningOperation,
): ExecutionArgs => ({
  schema,
  document: asked.document,
  operationName: asked.operationName ?? null,
  variableValues: asked.variables ?? null,
  contextValue: { operation, asked } satisfies Entered,
})

const callerOf = (args: ExecutionArgs): StreamCaller => {
  const { caller, rights, signal, notes } = enteredOf(args).operation
  return { caller, rights, signal, notes }
}

const enteredOf = ({ contextValue }: ExecutionArgs): Entered => contextValue as Entered
