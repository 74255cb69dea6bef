/**
 * The newest read of each list that the file knows. What is kept of Push's answers is read into tables again and again, and
 * to look for each row in the file costs more than to read it.
 */
import type { KnownRead, Notice } from '../../model/known-rows.ts'

type WholeNotice = Extract<Notice, { readonly kind: 'whole' }>

export const createKnownReads = (known: readonly KnownRead[] = []) => {
  /** By connector and collection: each row that is read is looked for, and no name is made for that. */
  const reads = new Map<string, Map<string, Pick<KnownRead, 'at' | 'until'>>>()
  const set = ({ connector, collection, at, until }: KnownRead): void => {
    const own = reads.get(connector) ?? new Map<string, Pick<KnownRead, 'at' | 'until'>>()
    reads.set(connector, own.set(collection, { at, until }))
  }
  const setAll = (all: readonly KnownRead[]): void => {
    reads.clear()
    for (const read of all) set(read)
  }
  setAll(known)

  return {
    /** Those are known now, also to others, and none besides. */
    setAll,
    has: (connector: string, whole: WholeNotice): boolean => {
      const read = reads.get(connector)?.get(whole.collection)
      return read !== undefined && whole.isRead && whole.at === read.at && whole.until <= read.until
    },
    /** Whether it may be a row of the known read of its list, which need not be told again if all of that read is here. */
    mayHave: (connector: string, notice: Notice): boolean => {
      if (notice.kind !== 'row' || notice.learntFrom !== 'READ') return false
      const read = reads.get(connector)?.get(notice.collection)
      return read !== undefined && notice.at >= read.at && notice.at <= read.until
    },
    isKnown: (connector: string, { collection, isRead, isKnown, at, until }: WholeNotice): void => {
      if (isRead && isKnown !== true) set({ connector, collection, at, until })
    },
    forget: ({ connector, collection }: Pick<KnownRead, 'connector' | 'collection'>): void => {
      reads.get(connector)?.delete(collection)
    },
  }
}
