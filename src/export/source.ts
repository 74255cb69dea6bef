/** Who is read: the client of one connector, with what was learnt of its API. */
import type { CollectionName, Rows } from '../model/rows.ts'

export interface Source {
  readonly connector: string
  page<Name extends CollectionName>(
    name: Name,
    request: PageRequest,
    asking: Asking,
  ): Promise<Page<Name>>
  /** The whole object; null where Push does not answer with it. */
  one<Name extends CollectionName>(
    name: Name,
    id: string,
    asking: Asking,
  ): Promise<Rows[Name] | null>
  /** Rows of a full page, as far as is known. */
  pageSize(): number
  /** Requests that must be under way at once for the limit, and not the way to Push, to be what holds up. */
  width(): number
  /** Rows of the last whole read; undefined before it. */
  expectedRows(name: CollectionName): number | undefined
  /** A collection was read whole. */
  readWhole(name: CollectionName, rows: number): void
  /** Whether `offset` is known to work for a list, or known not to. */
  offsets(name: CollectionName): boolean | undefined
  learntOffsets(name: CollectionName, work: boolean): void
  /** False where reading by id is known not to work. */
  readsById(name: CollectionName): boolean
  /** False where that parameter is known to be refused, or passed over. */
  narrowsBy(name: CollectionName, parameter: string): boolean
  refusesParameter(name: CollectionName, parameter: string): void
}

export interface PageRequest {
  readonly nextToken?: string
  readonly offset?: number
  readonly limit?: number
  readonly parameters?: Readonly<Record<string, string>>
}

/** On whose behalf a request is made. */
export interface Asking {
  readonly signal: AbortSignal
  readonly onRequest: () => void
}

export interface Page<Name extends CollectionName> {
  readonly rows: readonly Rows[Name][]
  /** Undefined on the last page. */
  readonly nextToken: string | undefined
  /** Rows as sent, also those that could not be read. */
  readonly sent: number
  /** Where those stand that could not be read, and why; never with their values. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[]
}
