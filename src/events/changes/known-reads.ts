/**
 * The newest read of each list that the file knows. What is kept of Push's answers is read into tables again and again, and
 * to look for each row in the file costs more than to read it.
 */
import type { KnownRead, Notice } from '../../model/known-rows.ts'
import type { WaitingNotice } from './waiting-lines.ts'

type WholeNotice = Extract<Notice, { readonly kind: 'whole' }>

export const createKnownReads = (known: readonly KnownRead[]) => {
  const keyOf = (connector: string, { collection }: { readonly collection: string }): string =>
    `${collection} ${connector}`
  const reads = new Map(
    known.map(read => [keyOf(read.connector, read), { at: read.at, until: read.until }]),
  )
  return {
    has: (connector: string, whole: WholeNotice): boolean => {
      const read = reads.get(keyOf(connector, whole))
      return read !== undefined && whole.isRead && whole.at === read.at && whole.until <= read.until
    },
    /** Whether it may be a row of the known read of its list, which need not be told again if all of that read is here. */
    mayHave: (connector: string, notice: Notice): boolean => {
      if (notice.kind !== 'row' || notice.learntFrom !== 'READ') return false
      const read = reads.get(keyOf(connector, notice))
      return read !== undefined && notice.at >= read.at && notice.at <= read.until
    },
    isKnown: (connector: string, { isRead, isKnown, at, until, ...of }: WholeNotice): void => {
      if (isRead && isKnown !== true) reads.set(keyOf(connector, of), { at, until })
    },
    forget: ({ connector, notice }: WaitingNotice): void => {
      reads.delete(keyOf(connector, notice))
    },
    forgetAll: (): void => {
      reads.clear()
    },
  }
}
