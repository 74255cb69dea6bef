/** The documents that callers may ask for by an id: found by that, and known by their texts. */
import { stripIgnoredCharacters } from 'graphql'
import { hashOfText } from '../analysis/documents.ts'
import type { WrittenDocument } from './written-document.ts'

/** Texts that are longer than the longest listed one by more than that are not even compared. */
const MUCH_LONGER = 4

const SHA256 = /^[0-9a-f]{64}$/i

export class ListedDocuments {
  /** How many there are. */
  readonly size: number
  readonly #byId = new Map<string, string>()
  /** Without what means nothing in them. */
  readonly #bare = new Set<string>()
  readonly #exact = new Set<string>()
  #longest = 0

  constructor(documents: readonly Pick<WrittenDocument, 'ids' | 'text'>[]) {
    this.size = documents.length
    for (const { ids, text } of documents) {
      for (const id of [...ids, hashOfText(text)]) if (!this.#byId.has(id)) this.#byId.set(id, text)
      this.#exact.add(text)
      this.#bare.add(stripIgnoredCharacters(text))
      this.#longest = Math.max(this.#longest, text.length)
    }
  }

  /** The text of the one with that id, as callers write ids. */
  byId(id: string): string | undefined {
    return this.#byId.get(id) ?? this.#byId.get(bareId(id))
  }

  /** Whether that text is a listed one, but for blanks, commas and comments. */
  has(text: string): boolean {
    if (this.#exact.has(text)) return true
    const bare = text.length <= MUCH_LONGER * this.#longest ? strip(text) : undefined
    return bare !== undefined && this.#bare.has(bare)
  }
}

/**
 * The id without what some clients write before it: `sha256:` as the appendix of GraphQL over HTTP has it, the name and
 * the version of an app as Hive has them. Hashes are told in small letters.
 */
export const bareId = (id: string): string => {
  const [, , last, ...more] = id.split('~')
  const own = last !== undefined && last !== '' && more.length === 0 ? last : id
  const bare = own.replace(/^sha256:/i, '')
  return SHA256.test(bare) ? bare.toLowerCase() : own
}

/** Whether the id is the hash of its text, so that anybody can tell which text it stands for. */
export const isHash = (id: string): boolean => SHA256.test(bareId(id))

/** Undefined where the text is no GraphQL at all. */
const strip = (text: string): string | undefined => {
  try {
    return stripIgnoredCharacters(text)
  } catch {
    return undefined
  }
}
