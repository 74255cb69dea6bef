/** What an operation cost and lacks, as its caller is told. */
import { aliasOf } from './place.ts'
import type { CollectionName } from '../../model/rows.ts'

export interface Warning {
  readonly code: string
  readonly message: string
  readonly connector: string
  readonly collection: CollectionName | null
}

/** What `extensions.pushgraph` tells of an operation. */
export interface Summary {
  readonly requests: number
  readonly waitedMs: number
  readonly rowsRead: number
  readonly rowsReturned: number
  readonly cacheHits: number
  readonly asOf: number | null
  readonly complete: boolean
  readonly warnings: readonly Warning[]
  /** The answer rests on collections that webhooks keep up to date; absent where it does not. */
  readonly followed?: true
}

/** The summary of an operation from those of its parts. */
export const sumOf = (parts: readonly Summary[]): Summary => {
  const sum = (member: 'requests' | 'waitedMs' | 'rowsRead' | 'rowsReturned' | 'cacheHits') =>
    parts.reduce((all, part) => all + part[member], 0)
  const moments = parts.flatMap(({ asOf }) => (asOf === null ? [] : [asOf]))
  return {
    requests: sum('requests'),
    waitedMs: sum('waitedMs'),
    rowsRead: sum('rowsRead'),
    rowsReturned: sum('rowsReturned'),
    cacheHits: sum('cacheHits'),
    asOf: moments.length === 0 ? null : Math.min(...moments),
    complete: parts.every(({ complete }) => complete),
    warnings: parts.flatMap(({ warnings }) =>
      warnings.map(warning => ({ ...warning, connector: aliasOf(warning.connector) })),
    ),
    ...(parts.some(({ followed }) => followed) ? { followed: true } : {}),
  }
}
