/** What goes to a receiver together. */
import type { SinkSettings } from '../model/sinks/sink.ts'
import type { MadeItem } from './items.ts'

/** An item, and where the sink stands once it is sent. */
export interface PlacedItem extends MadeItem {
  readonly sequence: number
  /** When it was stored, in UNIX milliseconds. */
  readonly storedAt: number
}

/** A batch that is being filled. */
export interface Filling {
  readonly items: readonly PlacedItem[]
  /** How many more may go with them. */
  room(): number
  /** Where the last one stands; 0 where there is none. */
  reached(): number
  /** Puts it in, unless with it there were too many items or bytes; whether it did. */
  add(one: PlacedItem): boolean
}

/** An empty one, of so much at most; one item may be larger by itself. */
export const createFilling = (most: SinkSettings['batch']): Filling => {
  const items: PlacedItem[] = []
  let bytes = 0
  return {
    items,
    room: () => most.items - items.length,
    reached: () => items.at(-1)?.sequence ?? 0,
    add: one => {
      const sum = bytes + Buffer.byteLength(one.item.line)
      if (items.length > 0 && (items.length >= most.items || sum > most.bytes)) return false
      items.push(one)
      bytes = sum
      return true
    },
  }
}
