/** The stored lists as an operation asks them: its questions end with it, and share its processor time and its turns. */
import type {
  CountQuery,
  EventStore,
  FoundRow,
  PageQuery,
  QuestionTerms,
  Selection,
  Counted,
  Standing,
} from '../../events/events.ts'
import { and, everything, type Filter } from '../../filter/filter.ts'
import type { ListThen, RowsThen } from '../../model/known-rows.ts'
import { aliasOf, placeAt } from '../operation/place.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { StoredName } from '../../model/stored.ts'
import type { Operation } from '../operation/operation.ts'
import type { StoredSource } from './list.ts'

let operations = 0

/** When what is stored became known, where it is not the state of something. */
const arrivals: Partial<Readonly<Record<StoredName, string>>> = {
  events: 'receivedAt',
  changes: 'at',
}

/**
 * The same source, asked on the terms of that operation. `moment` (milliseconds): it knows what had arrived by then, of
 * connectors by the names that they have at that moment.
 */
export const askedBy = (
  source: StoredSource,
  operation: Operation,
  moment?: number,
): StoredSource => new OperationSource(source, operation, moment)

// A class rather than closures: one is made for each operation, and most never ask it anything.
class OperationSource implements StoredSource {
  readonly #source: StoredSource
  readonly #operation: Operation
  readonly #moment: number | undefined
  #name: string | undefined
  #spentMs = 0

  constructor(source: StoredSource, operation: Operation, moment: number | undefined) {
    this.#source = source
    this.#operation = operation
    this.#moment = moment
  }

  get identity(): string {
    return this.#source.identity
  }

  get maxCpuMs(): number {
    return this.#source.maxCpuMs
  }

  noted(): Promise<void> {
    return this.#source.noted()
  }

  size(): Promise<EventStore> {
    return this.#source.size()
  }

  async page(query: PageQuery): Promise<readonly FoundRow[]> {
    const moment = this.#moment
    const found = await this.#source.page(this.#then(query), this.#terms())
    return moment === undefined
      ? found
      : found.map(of => ({ ...of, connector: placeAt(of.connector, moment) }))
  }

  count(selection: Selection): Promise<number> {
    return this.#source.count(this.#then(selection), this.#terms())
  }

  groups(query: CountQuery): Promise<readonly Counted[]> {
    return this.#source.groups(this.#then(query), this.#terms())
  }

  listThen(connector: string, name: CollectionName, at: number): Promise<ListThen> {
    return this.#source.listThen(connector, name, at, this.#terms())
  }

  rowsThen(
    ...[connector, name, at, after, limit]: Parameters<StoredSource['rowsThen']>
  ): Promise<RowsThen> {
    return this.#source.rowsThen(connector, name, at, after, limit, this.#terms())
  }

  rowThen(
    connector: string,
    name: CollectionName,
    id: string,
    at: number,
  ): Promise<string | null | undefined> {
    return this.#source.rowThen(connector, name, id, at, this.#terms())
  }

  sequenceBefore(receivedAt: number): Promise<number> {
    return this.#source.sequenceBefore(receivedAt, this.#terms())
  }

  newest(): Promise<number> {
    return this.#source.newest(this.#terms())
  }

  standing(sequence: number): Promise<Standing> {
    return this.#source.standing(sequence, this.#terms())
  }

  changeBefore(at: number): Promise<number> {
    return this.#source.changeBefore(at, this.#terms())
  }

  newestChange(): Promise<number> {
    return this.#source.newestChange(this.#terms())
  }

  changeStanding(sequence: number): Promise<Standing> {
    return this.#source.changeStanding(sequence, this.#terms())
  }

  /** The same, of what had arrived by the moment. */
  #then<Asked extends Selection>(asked: Asked): Asked {
    const moment = this.#moment
    if (moment === undefined) return asked
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

  #terms(): QuestionTerms {
    const { id, startedAt, deadline, call } = this.#operation
    // Several operations may go by one id.
    const name = (this.#name ??= `${id} ${(operations += 1)}`)
    return {
      caller: name,
      operation: name,
      maxCpuMs: this.#source.maxCpuMs - this.#spentMs,
      deadline,
      maxWaitMs: deadline - startedAt,
      signal: call.signal,
      took: ms => {
        this.#spentMs += ms
      },
    }
  }
}
