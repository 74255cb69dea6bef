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

/**
 * An empty queue for at most `limit` items. Where the room is full, it takes one only if none waits in it: who takes what
 * comes is not cut off for those who do not.
 */
export const createBoundedQueue = <Item>(
  limit: number,
  room: WaitingRoom = { limit: Infinity, waiting: 0 },
): BoundedQueue<Item> => {
  let items: Item[] = []
  let wake: () => void = () => undefined
  let ended = false
  let overflowed = false

  const overflow = (): void => {
    ended = overflowed = true
    wake()
  }

  return {
    push: item => {
      if (ended) return false
      if (items.length >= limit || (items.length > 0 && room.waiting >= room.limit)) {
        overflow()
        return false
      }
      items.push(item)
      room.waiting += 1
      wake()
      return true
    },
    take: async () => {
      while (items.length === 0 && !ended)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      if (items.length > 0) room.waiting -= 1
      return items.shift()
    },
    end: (clear = false) => {
      if (clear) {
        room.waiting -= items.length
        items = []
      }
      ended = true
      wake()
    },
    overflow,
    overflowed: () => overflowed,
  }
}
