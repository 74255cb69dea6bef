/** What waits for one reader: so much and no more, since a reader may stall for good. */
export interface BoundedQueue<Item> {
  /** False where it is full; then it takes nothing more, and ends once what waits has been taken. */
  push(item: Item): boolean
  /** The next item; undefined once it has ended and nothing waits. */
  take(): Promise<Item | undefined>
  /** Takes nothing more; `clear` drops what waits. */
  end(clear?: boolean): void
  /** Ends it as if it were full. */
  overflow(): void
  overflowed(): boolean
}

/** How many items may wait in all queues that share it. */
export interface WaitingRoom {
  readonly limit: number
  waiting: number
}

/** What items take while they wait. */
export interface WaitingBytes<Item> {
  of(item: Item): number
  /** Counts so many more. False where they may not be had. */
  take(bytes: number): boolean
  give(bytes: number): void
}

/** The only one that waits need not be counted below so many bytes: most are taken at once. */
const LARGE_BYTES = 65_536

interface Waiting<Item> {
  readonly item: Item
  /** Counted until it is taken. */
  readonly bytes: number
}

/**
 * An empty queue for at most `limit` items. Where the room is full, or too much of them waits already, it takes a small one
 * only if none waits in it: who takes what comes is not cut off for those who do not.
 */
export const createBoundedQueue = <Item>(
  limit: number,
  room: WaitingRoom = { limit: Infinity, waiting: 0 },
  held: WaitingBytes<Item> = weightless,
): BoundedQueue<Item> => {
  const items: Waiting<Item>[] = []
  let wake: () => void = () => undefined
  let ended = false
  let overflowed = false

  const leave = (those: readonly Waiting<Item>[]): void => {
    room.waiting -= those.length
    const bytes = those.reduce((sum, each) => sum + each.bytes, 0)
    if (bytes > 0) held.give(bytes)
  }

  const overflow = (): void => {
    ended = overflowed = true
    wake()
  }

  return {
    push: item => {
      if (ended) return false
      const size = held.of(item)
      const bytes = items.length === 0 && size < LARGE_BYTES ? 0 : size
      const isFull = items.length >= limit || (items.length > 0 && room.waiting >= room.limit)
      if (isFull || (bytes > 0 && !held.take(bytes))) {
        overflow()
        return false
      }
      items.push({ item, bytes })
      room.waiting += 1
      wake()
      return true
    },
    take: async () => {
      while (items.length === 0 && !ended)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      const next = items.shift()
      if (next === undefined) return undefined
      leave([next])
      return next.item
    },
    end: (clear = false) => {
      if (clear) leave(items.splice(0))
      ended = true
      wake()
    },
    overflow,
    overflowed: () => overflowed,
  }
}

const weightless: WaitingBytes<unknown> = {
  of: () => 0,
  take: () => true,
  give: () => undefined,
}
