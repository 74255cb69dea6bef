/** What this replica had Push change, told to the others, and theirs to it. */
import type { Written } from '../store/store.ts'

export interface WriteNews {
  /** Tells the others. Never throws: who does not hear of it learns it when it reads. */
  tell(connector: string, written: Written): void
  /** Told of what others changed, each once, soon after; the returned function ends it. */
  on(heard: (connector: string, written: Written) => void): () => void
  /** Ends it. */
  close(): void
}

const nothing = (): void => undefined

/** Where there are no others. */
export const noWriteNews: WriteNews = { tell: nothing, on: () => nothing, close: nothing }

export type { Written } from '../store/store.ts'
