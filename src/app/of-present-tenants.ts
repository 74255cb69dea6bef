/**
 * What is stored, as far as it is of the tenant that a connector is of now. Of one that was pointed at another tenant,
 * what arrived before is that one's; it is kept, and shown again where the connector is pointed back.
 */
import type { ConnectorFilter, Events, QuestionTerms, Selection } from '../events/events.ts'
import { givenUp } from '../events/question-ends.ts'
import { and, type Filter, or } from '../filter/filter.ts'
import { allOf, andThen, type Maybe } from '../model/maybe.ts'
import type { StoredName } from '../model/stored.ts'
import type { Period } from '../upstream/state/tenancies.ts'

/** When the connector was of its present tenant, found out where that is not known yet; undefined for always. */
export type PeriodsOf = (alias: string) => Maybe<readonly Period[] | undefined>

/** The same events, of the connectors' present tenants alone. */
export const ofPresentTenants = (events: Events, periodsOf: PeriodsOf): Events => {
  /** What was found out in this pass of the event loop: thousands may ask in one, and each look takes as long as the rest. */
  const known = new Map<string, ReturnType<PeriodsOf>>()
  const periodsNow = (alias: string, terms: QuestionTerms | undefined): ReturnType<PeriodsOf> => {
    if (known.size === 0) setImmediate(() => known.clear())
    const periods = known.has(alias) ? known.get(alias) : periodsOf(alias)
    known.set(alias, periods)
    return periods instanceof Promise ? unlessLeft(periods, terms) : periods
  }

  const within = (
    list: StoredName,
    alias: string,
    periods: readonly Period[],
    terms: QuestionTerms | undefined,
  ): Maybe<Filter> => {
    switch (list) {
      case 'events':
        return during('receivedAt', periods)
      case 'changes':
        return during('at', periods)
      case 'otherAccounts':
      case 'otherApps': {
        // They have no time of their own, but events told of each.
        const filter = and([
          { kind: 'compare', field: 'object', op: 'eq', value: objects[list] },
          during('receivedAt', periods),
        ])
        const told = events.groups(
          {
            list: 'events',
            parts: [{ connectors: [alias], filter }],
            by: [{ kind: 'field', field: 'entityId' }],
            first: undefined,
          },
          terms,
        )
        return told.then(groups => ({
          kind: 'in',
          field: 'id',
          values: groups.flatMap(({ keys: [id] }) => (typeof id === 'string' ? [id] : [])),
        }))
      }
      default:
        return list satisfies never
    }
  }

  const split = (
    list: StoredName,
    part: ConnectorFilter,
    terms: QuestionTerms | undefined,
  ): Maybe<readonly ConnectorFilter[]> => {
    const filters = part.connectors.map(alias =>
      andThen(periodsNow(alias, terms), periods => periods && within(list, alias, periods, terms)),
    )
    return andThen(allOf<Filter | undefined>(filters), found => {
      const some = part.connectors.flatMap((alias, n) => {
        const filter = found[n]
        return filter === undefined
          ? []
          : [{ connectors: [alias], filter: and([part.filter, filter]) }]
      })
      if (some.length === 0) return [part]
      const all = part.connectors.filter((_, n) => found[n] === undefined)
      return all.length === 0 ? some : [{ ...part, connectors: all }, ...some]
    })
  }

  const shown = <Asked extends Selection>(
    asked: Asked,
    terms: QuestionTerms | undefined,
  ): Maybe<Asked> =>
    andThen(
      allOf<readonly ConnectorFilter[]>(asked.parts.map(part => split(asked.list, part, terms))),
      parts => ({ ...asked, parts: parts.flat() }),
    )

  const isShown = async (
    alias: string,
    atSeconds: number,
    terms: QuestionTerms | undefined,
  ): Promise<boolean> => {
    const periods = await periodsNow(alias, terms)
    if (periods === undefined) return true
    const at = atSeconds * 1_000
    if (!periods.some(({ from, until }) => at >= from && at < until)) return false
    // That the former tenant's lists have ended may only just have been told.
    await unlessLeft(events.noted(), terms)
    return true
  }

  return {
    ...events,
    page: async (query, terms) => events.page(await shown(query, terms), terms),
    count: async (selection, terms) => events.count(await shown(selection, terms), terms),
    groups: async (query, terms) => events.groups(await shown(query, terms), terms),
    listThen: async (alias, name, at, terms) =>
      (await isShown(alias, at, terms)) ? events.listThen(alias, name, at, terms) : UNKNOWN,
    rowsThen: async (alias, name, at, after, limit, terms) =>
      (await isShown(alias, at, terms))
        ? events.rowsThen(alias, name, at, after, limit, terms)
        : { rows: [], next: undefined },
    rowThen: async (alias, name, id, at, terms) =>
      (await isShown(alias, at, terms)) ? events.rowThen(alias, name, id, at, terms) : undefined,
  }
}

/** The same, unless whoever asks waits no more before it is there. */
const unlessLeft = <Result>(
  answer: Promise<Result>,
  terms: QuestionTerms | undefined,
): Promise<Result> => {
  const signal = terms?.signal
  if (signal === undefined) return answer
  return new Promise((resolve, reject) => {
    const left = (): void => {
      reject(givenUp())
    }
    if (signal.aborted) left()
    signal.addEventListener('abort', left, { once: true })
    void answer.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', left)
    })
  })
}

const UNKNOWN = { asOf: undefined, cutAt: undefined, wholeSince: undefined }

const objects = { otherAccounts: 'ACCOUNT_OTHER', otherApps: 'APP_OTHER' } as const

/** A moment in that field, in UNIX seconds: within those periods. */
export const during = (field: string, periods: readonly Period[]): Filter =>
  or(
    periods.map(({ from, until }) =>
      and([
        { kind: 'compare', field, op: 'gte', value: from / 1_000 },
        ...(until === Infinity
          ? []
          : [{ kind: 'compare', field, op: 'lt', value: until / 1_000 } as const]),
      ]),
    ),
  )
