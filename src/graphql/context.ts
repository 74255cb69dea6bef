/** What every resolver of one operation shares. */
import type { Loaders, Need, OpenRequest, Summary } from '../loaders/loaders.ts'

export interface Context {
  /** Made by `begin`, before any resolver runs. */
  loaders: Loaders
  /** What the operation cost so far; undefined where it never began. */
  summary: () => Summary | undefined
  readonly open: OpenRequest
}

/** The context of one operation; `open` makes its loaders. */
export const createContext = (open: OpenRequest): Context => ({
  loaders: notBegun,
  summary: () => undefined,
  open,
})

/** Opens the operation, once it is known what it will ask for. */
export const begin = (context: Context, needs: readonly Need[]): void => {
  // Apollo hands on a copy of the context it was given: this is the one that resolvers see.
  const { loaders, summary } = context.open(needs)
  context.loaders = loaders
  context.summary = summary
}

const notBegun = new Proxy({} as Loaders, {
  get: () => {
    throw new Error('The operation has not begun')
  },
})
