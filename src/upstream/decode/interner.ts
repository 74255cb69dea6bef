/** One copy of equal texts and equal lists of texts, so that a word stands in memory once and not once per row. */
export interface Interner {
  readonly text: (text: string) => string
  /** A frozen list with these elements, each of them one copy too. */
  readonly list: (texts: readonly string[]) => readonly string[]
  /** Holds none of them any more, and no room for them. */
  readonly forget: () => void
}

const EMPTY: readonly string[] = Object.freeze([])

/**
 * An interner that holds `capacity` texts (in round numbers) and as many lists. What has not been asked for in a long
 * time is forgotten: a copy too many, never a wrong one.
 */
export const createInterner = (capacity = 65_536): Interner => {
  const text = createPool<string>({
    capacity,
    hash: hashText,
    equal: (one, other) => one === other,
    own: given => given,
  })
  const list = createPool<readonly string[]>({
    capacity,
    hash: hashList,
    equal: isSameList,
    own: given => Object.freeze(given.map(text.one)),
  })
  return {
    text: text.one,
    list: texts => (texts.length === 0 ? EMPTY : list.one(texts)),
    forget: () => {
      text.forget()
      list.forget()
    },
  }
}

interface Pool<Value> {
  /** The copy of that value that counts. */
  readonly one: (given: Value) => Value
  readonly forget: () => void
}

interface PoolOptions<Value> {
  readonly capacity: number
  readonly hash: (value: Value) => number
  readonly equal: (one: Value, other: Value) => boolean
  /** What is kept of a new value. */
  readonly own: (given: Value) => Value
}

/** So many values whose hashes fall together are held, the one asked for last first; then the last is forgotten. */
const PLACES = 8
/** Fuller than this, too many values in use would push each other out. */
const FULL = 0.6
/** A server has several of these for each connector, and most of them hold nothing. */
const FEWEST = 64

/** Values in one array by their hashes: an entry of a `Map` takes four times the memory, and knows no age. */
const createPool = <Value>({ capacity, hash, equal, own }: PoolOptions<Value>): Pool<Value> => {
  const most = 2 ** Math.ceil(Math.log2(Math.max(PLACES, capacity)))
  const fewest = Math.min(FEWEST, most)
  let places = emptyPlaces<Value>(fewest)
  let held = 0

  /** The first of the places for values with that hash. */
  const first = (hash: number): number => (hash * PLACES) & (places.length - 1)

  /** Puts the value at `from`; those from there on move, the one at `to` out. */
  const push = (value: Value, from: number, to: number): void => {
    for (let place = to; place > from; place -= 1) places[place] = places[place - 1]
    places[from] = value
  }

  const add = (value: Value, from: number): void => {
    const to = from + PLACES - 1
    if (places[to] === undefined) held += 1
    push(value, from, to)
  }

  const grow = (): void => {
    const old = places
    places = emptyPlaces(old.length * 2)
    held = 0
    // Backwards, so that the one asked for last is the first again.
    for (const value of old.reverse()) if (value !== undefined) add(value, first(hash(value)))
  }

  const one = (given: Value): Value => {
    const hashed = hash(given)
    const from = first(hashed)
    for (let place = from; place < from + PLACES; place += 1) {
      const known = places[place]
      if (known === undefined) break
      if (!equal(known, given)) continue
      push(known, from, place)
      return known
    }
    const value = own(given)
    if (held > places.length * FULL && places.length < most) grow()
    add(value, first(hashed))
    return value
  }

  return {
    one,
    forget: () => {
      places = emptyPlaces(fewest)
      held = 0
    },
  }
}

const emptyPlaces = <Value>(count: number): (Value | undefined)[] =>
  new Array<Value | undefined>(count).fill(undefined)

/** By FNV-1a, of a long text some 64 letters: those of ids and words all count. */
const hashText = (text: string): number => {
  const step = 1 + (text.length >> 6)
  let hash = text.length
  for (let index = 0; index < text.length; index += step)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  // The lowest bits choose the place, and know least of the letters' higher ones.
  return hash ^ (hash >>> 15)
}

const hashList = (texts: readonly string[]): number => {
  let hash = texts.length
  for (const text of texts) hash = Math.imul(hash, 31) + hashText(text)
  return hash | 0
}

const isSameList = (one: readonly string[], other: readonly string[]): boolean => {
  if (one.length !== other.length) return false
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false
  return true
}
