/** Items to be sent, each of which a receiver can tell from its line alone. */
import type { SinkItem } from '../../../src/sinks/sender.ts'

/** So many items from that number on; their lines have what is easily mistaken on the way. */
export const makeItems = (count: number, from = 0): readonly SinkItem[] =>
  Array.from({ length: count }, (_, index) => makeItem(`item-${from + index}`))

export const makeItem = (id: string, more: Partial<SinkItem> = {}): SinkItem => ({
  id,
  connector: 'acme',
  time: Date.UTC(2026, 0, 1, 12, 0, 0, 7),
  line: JSON.stringify({ id, text: 'Zoë "quoted" \\ ] \n 鍵 🔑 \u2028', n: 1.5 }),
  severity: 4,
  className: 'Detection Finding',
  ...more,
})

/** The id that stands in a line of theirs; of an event of OCSF that of the webhook event that it was made of, or its own. */
export const idOf = (value: unknown): string => {
  const { id, metadata } = (value ?? {}) as {
    readonly id?: unknown
    readonly metadata?: { readonly original_event_uid?: unknown; readonly uid?: unknown }
  }
  const found = id ?? metadata?.original_event_uid ?? metadata?.uid
  return typeof found === 'string' ? found : 'none'
}
