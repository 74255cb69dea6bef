/** What every resolver of one operation shares. */
import type { AnswerValidity, AnyNeed, Loaders, PlanReport, Summary } from '../loaders/loaders.ts'
import type { OpenedRequest, OpenRequest } from '../loaders/open-request.ts'
import { andThen, type Maybe } from '../model/maybe.ts'
import { allRights, type Rights } from '../model/rights.ts'
import type { Estimated } from './analysis/estimate.ts'
import type { Work } from '../work/work.ts'
import type { Writes } from '../writes/writes.ts'
import type { OperationRecord } from './operation/record.ts'
import type { SharedDatabaseParent, SinkParent } from './parents.ts'

/** `x-pushgraph-plan`: the plan beside the answer, or the plan alone. */
export type PlanWish = 'beside' | 'only' | undefined

export interface Context {
  /** Whether `begin` has opened it: what was tried without Apollo goes on there. */
  hasBegun: boolean
  /** Made by `begin`, before any resolver runs. */
  loaders: Loaders
  /** What the operation cost so far; undefined where it never began. */
  summary: () => Summary | undefined
  /** The aliases of the connectors that it asks; none where it never began. */
  asked: readonly string[]
  /** Begins what will be read for certain; undefined where there is nothing of the kind. */
  readAhead: (() => void) | undefined
  /** Called once the answer is complete. */
  end: () => void
  plan: (before: boolean) => PlanReport | undefined
  /** What it was estimated at, where its plan is asked for. */
  estimated: Estimated | undefined
  /** What it asks for, and whether that is thought to cost no request. */
  needs: readonly AnyNeed[]
  isFree: boolean
  /** What the answer rests on; every copy of the context has this one. */
  readonly validity: AnswerValidity
  /** Its share of the event loop, and what it may take. */
  readonly work: Work
  readonly planWish: PlanWish
  /** What its caller may see and do. */
  readonly rights: Rights
  /** What makes changes; undefined where mutations are not served. */
  readonly writes: Writes | undefined
  /** How the database fares that replicas share; undefined where none is shared. */
  readonly shared: (() => Promise<SharedDatabaseParent>) | undefined
  /** How the receivers fare that what is stored is sent on to. */
  readonly sinks: () => readonly SinkParent[]
  /** What is told of it later; undefined where nobody keeps account of it. */
  readonly record: OperationRecord | undefined
  readonly open: OpenRequest['open']
  readonly openInTurns: OpenRequest['openInTurns']
}

const noAliases: readonly string[] = []

const nothing = (): undefined => undefined

/** The context of one operation; the request makes its loaders. */
export const createContext = (
  { open, openInTurns, validity, work }: OpenRequest,
  planWish?: PlanWish,
  rights = allRights,
  writes?: Writes,
  record?: OperationRecord,
  shared?: () => Promise<SharedDatabaseParent>,
  sinks: () => readonly SinkParent[] = () => [],
): Context => ({
  hasBegun: false,
  loaders: notBegun,
  summary: nothing,
  asked: noAliases,
  readAhead: undefined,
  end: nothing,
  plan: nothing,
  estimated: undefined,
  needs: [],
  isFree: false,
  validity,
  work,
  planWish,
  rights,
  writes,
  record,
  shared,
  sinks,
  open,
  openInTurns,
})

/** Opens the operation, once it is known what it will ask for. @throws what ended its work */
export const begin = (context: Context, needs: readonly AnyNeed[]): Maybe<void> =>
  andThen(context.openInTurns(needs, context.planWish === 'only'), opened => {
    fill(context, needs, opened)
  })

/** The same for one of which nothing is known before it runs. */
export const beginUnforeseen = (context: Context): void => fill(context, [], context.open([]))

const fill = (context: Context, needs: readonly AnyNeed[], opened: OpenedRequest): void => {
  const { loaders, summary, asked, readAhead, end, plan, isFree } = opened
  if (context.record !== undefined) context.record.soFar = opened
  // Apollo hands on a copy of the context it was given: this is the one that resolvers see.
  context.hasBegun = true
  context.loaders = loaders
  context.summary = summary
  context.asked = asked
  context.readAhead = readAhead
  context.end = end
  context.plan = plan
  context.needs = needs
  context.isFree = isFree
}

/** The wish that the header's value stands for; any other value but `1` and `only` is none. */
export const planWishOf = (header: string | undefined): PlanWish =>
  header === '1' ? 'beside' : header === 'only' ? 'only' : undefined

const notBegun = new Proxy({} as Loaders, {
  get: () => {
    throw new Error('The operation has not begun')
  },
})
