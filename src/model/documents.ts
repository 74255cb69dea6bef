/** The documents that an operator lists for callers to ask for by an id, as they stand in files. */

/**
 * `prefer`: listed documents by their ids, and any other text; `allow`: other texts by their hash too, once they were
 * asked; `only`: listed documents alone.
 */
export const DOCUMENTS_MODES = ['allow', 'prefer', 'only'] as const

export type DocumentsMode = (typeof DOCUMENTS_MODES)[number]

/**
 * What agents are served: nothing; listed documents that have a description, as tools; or free queries and the schema, too.
 */
export const MCP_MODES = ['off', 'documents', 'explore'] as const

/** The longest answer that a setting may grant an agent, in kilobytes. */
export const MCP_MOST_KB = 1_024

export type McpMode = (typeof MCP_MODES)[number]

/** A file of a folder. */
export interface DocumentFile {
  /** As people are told of it. */
  readonly path: string
  readonly text: string
}

/** An entry of a manifest, which says by which id its document is asked for. */
export interface ManifestEntry {
  readonly id: string
  readonly text: string
  /** Where its id stands in the manifest; the first is 1. */
  readonly line: number
}

export type DocumentSources =
  | { readonly kind: 'folder'; readonly path: string; readonly files: readonly DocumentFile[] }
  | {
      readonly kind: 'manifest'
      readonly path: string
      readonly entries: readonly ManifestEntry[]
    }

export interface DocumentSettings {
  readonly mode: DocumentsMode
  /** Undefined where nothing is listed. */
  readonly sources: DocumentSources | undefined
}
