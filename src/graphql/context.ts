/** What every resolver of one operation shares. */
import type { Loaders, Need, OpenRequest, PlanReport, Summary } from '../loaders/loaders.ts'

/** `x-pushgraph-plan`: the plan beside the answer, or the plan alone. */
export type PlanWish = 'beside' | 'only' | undefined

export interface Context {
  /** Made by `begin`, before any resolver runs. */
  loaders: Loaders
  /** What the operation cost so far; undefined where it never began. */
  summary: () => Summary | undefined
  /** Called once the answer is complete. */
  end: () => void
  plan: (before: boolean) => PlanReport | undefined
  readonly planWish: PlanWish
  readonly open: OpenRequest
}

/** The context of one operation; `open` makes its loaders. */
export const createContext = (open: OpenRequest, planWish?: PlanWish): Context => ({
  loaders: notBegun,
  summary: () => undefined,
  end: () => undefined,
  plan: () => undefined,
  planWish,
  open,
})

/** Opens the operation, once it is known what it will ask for. */
export const begin = (context: Context, needs: readonly Need[]): void => {
  // Apollo hands on a copy of the context it was given: this is the one that resolvers see.
  const { loaders, summary, end, plan } = context.open(needs, context.planWish === 'only')
  context.loaders = loaders
  context.summary = summary
  context.end = end
  context.plan = plan
}

/** The wish that the header's value stands for; any other value but `1` and `only` is none. */
export const planWishOf = (header: string | undefined): PlanWish =>
  header === '1' ? 'beside' : header === 'only' ? 'only' : undefined

const notBegun = new Proxy({} as Loaders, {
  get: () => {
    throw new Error('The operation has not begun')
  },
})
