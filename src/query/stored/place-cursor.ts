/** Places of stored lists as texts: the `cursor` of an event or a change, which also an export keeps to go on from. */
import type { StreamedList } from './followed-filter.ts'
import type { GivenPlace } from './resume.ts'

/** The `cursor` of what stands at that place; its store and its arrival tell whether that store still has it. */
export const placeCursor = (
  list: StreamedList,
  { store, sequence, receivedAt }: GivenPlace,
): string => Buffer.from(`${words[list]} ${store} ${sequence} ${receivedAt}`).toString('base64url')

const words: Readonly<Record<StreamedList, string>> = { events: 'event', changes: 'change' }

/** The place that such a cursor stands for; undefined where the text is none of that list. */
export const readPlaceCursor = (list: StreamedList, text: string): GivenPlace | undefined => {
  const decoded = Buffer.from(text, 'base64url').toString('utf8')
  const [, word, store, sequence, receivedAt] =
    /^(\w+) (\w{1,64}) (\d{1,15}) (-?\d{1,15}(?:\.\d{1,9})?)$/.exec(decoded) ?? []
  if (store === undefined || word !== words[list]) return undefined
  return { store, sequence: Number(sequence), receivedAt: Number(receivedAt) }
}
