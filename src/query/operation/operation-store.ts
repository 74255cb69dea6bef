/**
 * The store as one operation reads it. Whatever it is asked, the answer is volatile, since what the store says may be
 * otherwise a moment later; but a table that is whole and fresh declares its version, and so what ends it. A question
 * that is added to the store is volatile until it is listed here.
 */
import type { ConnectorStore, Table } from '../../store/store.ts'
import { isFreshWhole, type AgeBounds, type AnswerValidity } from './answer-validity.ts'
import type { HeldByOperation } from './held-tables.ts'

/** They say how rows are best read, or where they are read; no answer depends on them. */
const neutral: ReadonlySet<keyof ConnectorStore> = new Set([
  'alias',
  'refresher',
  'keeps',
  'pageSize',
  'latencyMs',
  'rateLimit',
  'expectedRows',
  'byId',
  'bySlice',
  'byParameter',
  'byOffset',
  'observed',
  'observe',
])

interface Terms {
  readonly bounds: AgeBounds
  readonly validity: AnswerValidity
  readonly held: HeldByOperation
}

type Bind = new (terms: Terms) => ConnectorStore

/** That store, read by an operation with those age bounds, whose answer has that validity, and which holds its tables. */
export const operationStore = (
  store: ConnectorStore,
  bounds: AgeBounds,
  validity: AnswerValidity,
  held: HeldByOperation,
): ConnectorStore => {
  let bind = bound.get(store)
  if (bind === undefined) bound.set(store, (bind = bindTo(store)))
  return new bind({ bounds, validity, held })
}

// A class for each store rather than closures for each operation: most of what a store can do is never asked of it.
const bound = new WeakMap<ConnectorStore, Bind>()

const bindTo = (store: ConnectorStore): Bind => {
  class Bound {
    readonly terms: Terms

    constructor(terms: Terms) {
      this.terms = terms
    }

    table(name: Parameters<ConnectorStore['table']>[0]): Table {
      const table = store.table(name)
      const { bounds, validity, held } = this.terms
      held.hold(table)
      if (validity.restsOn(table)) return table
      if (isFreshWhole(table, bounds, store.refresher.enabled)) validity.dependsOn(store, table)
      else validity.markVolatile()
      return table
    }
  }

  for (const [name, { value: member }] of Object.entries(Object.getOwnPropertyDescriptors(store))) {
    if (name === 'table') continue
    const isNeutral = (neutral as ReadonlySet<string>).has(name)
    if (typeof member !== 'function' && !isNeutral)
      throw new Error(`What ${name} of a store says could change unnoticed: it has to be a method`)
    const value =
      typeof member !== 'function'
        ? (member as unknown)
        : function (this: Bound, ...args: readonly unknown[]): unknown {
            if (!isNeutral) this.terms.validity.markVolatile()
            return (member as (...args: readonly unknown[]) => unknown)(...args)
          }
    Object.defineProperty(Bound.prototype, name, { value })
  }
  return Bound as unknown as Bind
}
