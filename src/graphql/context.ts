/** What every resolver of one operation shares. */
import type { Loaders, Need, OpenRequest, Summary } from '../loaders/loaders.ts'

export interface Context {
  /** @throws {Error} before `begin`. */
  readonly loaders: Loaders
  /** Opens the operation once it is known what it will ask for. */
  begin(needs: readonly Need[]): void
  /** What the operation cost; undefined where it never began. */
  summary(): Summary | undefined
}

/** The context of one HTTP request; `open` makes its loaders when the operation begins. */
export const createContext = (open: OpenRequest): Context => {
  let request: ReturnType<OpenRequest> | undefined
  return {
    get loaders() {
      if (request === undefined) throw new Error('The operation has not begun')
      return request.loaders
    },
    begin: needs => {
      request = open(needs)
    },
    summary: () => request?.summary(),
  }
}
