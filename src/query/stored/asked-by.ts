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
import type { ListThen, RowsThen } from '../../model/known-rows.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Operation } from '../operation/operation.ts'
import type { StoredSource } from './list.ts'

let operations = 0

/** The same source, asked on the terms of that operation. */
export const askedBy = (source: StoredSource, operation: Operation): StoredSource =>
  new OperationSource(source, operation)

// A class rather than closures: one is made for each operation, and most never ask it anything.
class OperationSource implements StoredSource {
  readonly #source: StoredSource
  readonly #operation: Operation
  #name: string | undefined

  constructor(source: StoredSource, operation: Operation) {
    this.#source = source
    this.#operation = operation
  }

  get identity(): string {
    return this.#source.identity
  }

  noted(): Promise<void> {
    return this.#source.noted()
  }

  size(): Promise<EventStore> {
    return this.#source.size()
  }

  page(query: PageQuery): Promise<readonly FoundRow[]> {
    return this.#source.page(query, this.#terms())
  }

  count(selection: Selection): Promise<number> {
    return this.#source.count(selection, this.#terms())
  }

  groups(query: CountQuery): Promise<readonly Counted[]> {
    return this.#source.groups(query, this.#terms())
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

  #terms(): QuestionTerms {
    const { id, startedAt, deadline, work } = this.#operation
    // Several operations may go by one id.
    const name = (this.#name ??= `${id} ${(operations += 1)}`)
    return {
      caller: work.caller,
      operation: name,
      madeFor: id,
      leftMs: () => work.leftMs(),
      deadline,
      maxWaitMs: deadline - startedAt,
      signal: work.signal,
      took: ms => {
        work.tookElsewhere(ms)
      },
    }
  }
}
