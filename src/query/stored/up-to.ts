/** The stored lists as they stood at a moment, of connectors by the names that they have then. */
import type { Selection } from '../../events/events.ts'
import { and, everything, type Filter } from '../../filter/filter.ts'
import type { StoredName } from '../../model/stored.ts'
import { aliasOf, placeAt } from '../operation/place.ts'
import type { StoredSource } from './list.ts'

/** The same source, of what had arrived by the moment (milliseconds). */
export const upTo = (source: StoredSource, moment: number): StoredSource => {
  const then = <Asked extends Selection>(asked: Asked): Asked => {
    const field = arrivals[asked.list]
    const until: Filter =
      field === undefined
        ? everything
        : { kind: 'compare', field, op: 'lte', value: moment / 1_000 }
    const parts = asked.parts.map(({ connectors, filter }) => ({
      connectors: connectors.map(aliasOf),
      filter: and([filter, until]),
    }))
    return { ...asked, parts }
  }
  return {
    identity: source.identity,
    page: async query =>
      (await source.page(then(query))).map(found => ({
        ...found,
        connector: placeAt(found.connector, moment),
      })),
    count: selection => source.count(then(selection)),
    groups: query => source.groups(then(query)),
    sequenceBefore: at => source.sequenceBefore(at),
    newest: () => source.newest(),
    standing: sequence => source.standing(sequence),
    changeBefore: at => source.changeBefore(at),
    newestChange: () => source.newestChange(),
    changeStanding: sequence => source.changeStanding(sequence),
    listThen: (...asked) => source.listThen(...asked),
    rowsThen: (...asked) => source.rowsThen(...asked),
    rowThen: (...asked) => source.rowThen(...asked),
    noted: () => source.noted(),
    size: () => source.size(),
  }
}

/** When what is stored became known, where it is not the state of something. */
const arrivals: Partial<Readonly<Record<StoredName, string>>> = {
  events: 'receivedAt',
  changes: 'at',
}
