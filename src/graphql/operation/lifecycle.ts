/** The steps of an operation, for whoever leads it through them: Apollo's plugin, or the direct way past Apollo. */
import { type DocumentNode, type OperationDefinitionNode, OperationTypeNode } from 'graphql'
import type { PlanReport, Summary } from '../../loaders/loaders.ts'
import { andThen, type Maybe, settled } from '../../model/maybe.ts'
import { rememberLast } from '../../model/remember.ts'
import type { CacheControlOf } from './cacheability.ts'
import { begin, type Context } from '../context.ts'
import type { Estimated } from '../analysis/estimate.ts'
import type { WeighOperation } from '../analysis/limits.ts'
import { createFindNeeds } from '../analysis/needs.ts'
import { Kept } from '../analysis/kept.ts'
import { type KnownOperation, perOperation } from '../analysis/known-operations.ts'
import { fieldsIn, fragmentFinder, keyOf } from '../analysis/selections.ts'
import { type ReadVariables, readOnce } from '../analysis/variables.ts'
import { createCompiledQueries } from '../compiled/compiled-queries.ts'
import type { Text } from '../compiled/text.ts'
import { seesPersons } from '../personal/guard.ts'
import { recordCost } from './record.ts'

/** Told what each operation cost, also when its answer is given `again` as it was. */
export type OnAnswered = (summary: Summary, again: boolean) => void

/** One operation of a valid document, as it is asked for. */
export interface OperationRequest extends KnownOperation {
  /** As they came. */
  readonly variables: Readonly<Record<string, unknown>>
}

/** How rows are got, and what the operation was estimated at. */
export interface OperationPlan extends PlanReport {
  readonly estimate: PlanReport['estimate'] & {
    /** Microseconds of processor time, and those that `PUSHGRAPH_MAX_COST` allows. */
    readonly price?: Measure
    /** Bytes of the answer, and those that `PUSHGRAPH_MAX_ANSWER_MB` allows. */
    readonly bytes?: Measure
  }
}

interface Measure {
  readonly value: number
  readonly max: number
}

/** What goes with an answer. */
export interface Ending {
  /** `extensions.pushgraph`. */
  readonly told: Omit<Summary, 'asOf'> & {
    readonly asOf: string | null
    readonly plan?: OperationPlan | undefined
  }
  /** Its `Cache-Control` header. */
  readonly cacheControl: string | undefined
}

export interface Answering {
  /** Begins the operation, unless it has begun. @throws what `check` refuses it with, and what ended its work */
  begin(context: Context, question: OperationRequest): Maybe<void>
  /** The data as text; undefined where graphql-js is to answer, which finds everything as if nobody had tried. */
  fromStore(context: Context, question: OperationRequest): Maybe<Text | undefined>
  /** The answer is complete. Undefined where it never began. */
  end(
    context: Context,
    question: Pick<OperationRequest, 'schema' | 'operation'> & {
      document: DocumentNode | undefined
    },
    hasErrors: boolean,
  ): Ending | undefined
  /** The variables as GraphQL coerces them, found once for all steps of an operation. */
  readonly read: ReadVariables
}

export interface AnsweringOptions {
  readonly onAnswered?: OnAnswered
  /** What it refuses does not begin; it may share `read`. */
  readonly check?: WeighOperation
  readonly read?: ReadVariables
  /** Where it keeps what it finds of operations. */
  readonly kept?: Kept
  /** What an operation may be estimated at; told with its plan. */
  readonly most?: { readonly cost: number; readonly bytes: number }
  /** Without it nobody is told for how long an answer may be kept. */
  readonly cacheControlOf?: CacheControlOf
}

export const createAnswering = ({
  onAnswered,
  check,
  read = readOnce(),
  kept = new Kept(),
  most = { cost: Infinity, bytes: Infinity },
  cacheControlOf,
}: AnsweringOptions = {}): Answering => {
  const findNeeds = createFindNeeds(read, kept)
  const findCompiled = createCompiledQueries({
    findTexts: (context, connector, collection) =>
      (context as Context).loaders.texts(connector, collection),
    read,
    kept,
  })

  const planned = (context: Context, question: OperationRequest): Maybe<void> => {
    const planning = context.record?.trace?.step('plan')
    if (planning === undefined) return plannedUntold(context, question)
    return andThen(
      settled(() => plannedUntold(context, question)),
      outcome => {
        planning()
        if ('failure' in outcome) throw outcome.failure
      },
    )
  }

  const plannedUntold = (
    context: Context,
    { schema, document, operation, variables }: OperationRequest,
  ): Maybe<void> =>
    operation === undefined
      ? begin(context, [])
      : andThen(findNeeds(schema, document, operation, variables, context.work), needs =>
          begin(context, needs),
        )

  /** Begins it, unless it is refused. */
  const checked = (context: Context, question: OperationRequest): Maybe<void> => {
    const { document, operationName, variables } = question
    const estimated = check?.({ document, operationName, variables }, context.rights)
    if (context.planWish !== undefined) context.estimated = estimated
    return context.work.inTurn(() => planned(context, question))
  }

  return {
    read,

    begin: (context, question) => {
      if (context.hasBegun) return undefined
      // To read its variables, to weigh it and to find its needs take their time each, where much is asked for.
      return context.work.inTurn(() => {
        const { schema, operation, variables } = question
        if (operation !== undefined) read(schema, operation, variables)
        return context.work.inTurn(() => checked(context, question))
      })
    },

    fromStore: (context, { schema, document, operation, variables }) => {
      // Apollo asks even where the document has no operation of the name.
      if (operation === undefined || !isAtHand(context, document, operation)) return undefined
      const compiled = findCompiled(operation, schema, document)(seesPersons(context.rights))
      if (compiled === undefined) return undefined
      return andThen(
        settled(() => {
          const text = compiled(context, variables)
          return text instanceof Promise ? context.work.untilEnd(text) : text
        }),
        written => {
          if ('value' in written && context.work.fits(written.value.length)) return written.value
          const { requests = 0, rowsRead = 0 } = context.summary() ?? {}
          const isUntouched = requests === 0 && rowsRead === 0 && context.work.failure === undefined
          if (isUntouched) context.end()
          const begun = settled(() => (isUntouched ? begin(context, context.needs) : undefined))
          return andThen(begun, outcome => {
            // Where its work ends meanwhile, as its caller leaves, graphql-js is to say so.
            if ('failure' in outcome && outcome.failure !== context.work.failure)
              throw outcome.failure
            // Nobody is to try once more.
            context.isFree = false
            return undefined
          })
        },
      )
    },

    end: (context, asked, hasErrors) => {
      context.end()
      context.work.settle()
      const summary = context.summary()
      if (summary === undefined) return undefined
      onAnswered?.(summary, false)
      recordCost(context.record, context.asked, summary)
      const { planWish } = context
      const { document, operation } = asked
      const isOnly = planWish === 'only'
      const plan =
        planWish === undefined || (isOnly && hasErrors)
          ? {}
          : { plan: withEstimate(context.plan(isOnly), context.estimated, most) }
      const isSettled =
        operation?.operation === OperationTypeNode.QUERY &&
        !hasErrors &&
        planWish === undefined &&
        document !== undefined &&
        isForeseen(context.needs, document, operation)
      if (isSettled)
        context.validity.complete(() => {
          onAnswered?.(summary, true)
        })
      return {
        // A field with an error is not whole, whatever it is.
        told: {
          ...summary,
          complete: summary.complete && !hasErrors,
          asOf: isoOf(summary.asOf),
          ...plan,
        },
        cacheControl: cacheControlOf?.(asked, summary, !hasErrors && planWish === undefined),
      }
    },
  }
}

/** The plan with what the operation was estimated at before it began, and what it may be. */
const withEstimate = (
  plan: PlanReport | undefined,
  estimated: Estimated | undefined,
  most: { readonly cost: number; readonly bytes: number },
): OperationPlan | undefined =>
  plan === undefined || estimated === undefined
    ? plan
    : {
        ...plan,
        estimate: {
          ...plan.estimate,
          price: { value: Math.ceil(estimated.cost), max: most.cost },
          bytes: { value: Math.ceil(estimated.bytes), max: most.bytes },
        },
      }

const isoOf = rememberLast((moment: number | null) =>
  moment === null ? null : new Date(moment).toISOString(),
)

/** Whether of every root field it is known what it reads, and all of that is at hand. */
const isAtHand = (
  { planWish, isFree, needs }: Context,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean => planWish === undefined && isFree && isForeseen(needs, document, operation)

/** Whether of every root field it is known what it reads. */
const isForeseen = (
  needs: Context['needs'],
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean => rootKeysOf(operation, document).every(key => needs.some(({ path }) => path === key))

/** The keys of an answer's root fields; the name of the root type is the schema's own. */
const rootKeysOf = perOperation((operation, document: DocumentNode): readonly string[] =>
  [...fieldsIn(operation.selectionSet, fragmentFinder(document))]
    .filter(({ name }) => name.value !== '__typename')
    .map(keyOf),
)
