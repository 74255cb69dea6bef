/** Chance that repeats: the same seed and label give the same numbers on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number in [low, high]; `low` where high is below it. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** Up to `count` different items, in no order. */
  some<Item>(items: readonly Item[], count: number): Item[]
  shuffled<Item>(items: readonly Item[]): Item[]
  /** A version 4 UUID. */
  uuid(): string
}

/**
 * The small fast counter generator sfc32: 128 bits of state, so that the streams of two tenants do not meet (32 bits
 * would make equal ids likely). `label` gives each kind of object its own stream: more accounts move no employee.
 */
export const createRandom = (seed: number, label: string): Random => {
  const word = createWords(`${seed}:${label}`)
  const next = (): number => word() / 0x1_0000_0000
  const below = (count: number): number => Math.floor(next() * count)

  const shuffled = <Item>(items: readonly Item[]): Item[] => {
    const result = [...items]
    for (let last = result.length - 1; last > 0; last--) {
      const other = below(last + 1)
      const held = result[last] as Item
      result[last] = result[other] as Item
      result[other] = held
    }
    return result
  }

  return {
    next,
    between: (low, high) => (high <= low ? low : low + below(high - low + 1)),
    chance: probability => next() < probability,
    pick: items => {
      if (items.length === 0) throw new RangeError('nothing to pick from')
      return items[below(items.length)] as (typeof items)[number]
    },
    some: (items, count) => shuffled(items).slice(0, count),
    shuffled,
    uuid: () => {
      const [a, b, c, d] = [word(), word(), word(), word()]
      const version = ((b & 0xffff0fff) | 0x4000) >>> 0
      const variant = ((c & 0x3fffffff) | 0x80000000) >>> 0
      const [second, third] = [hex(version), hex(variant)]
      return `${hex(a)}-${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-${third.slice(4)}${hex(d)}`
    },
  }
}

/** A choice among items by weight. */
export const createWeighted = <Item>(
  items: readonly Item[],
  weightOf: (item: Item, index: number) => number,
): ((random: Random) => Item) => {
  const sums: number[] = []
  let total = 0
  items.forEach((item, index) => sums.push((total += weightOf(item, index))))
  return random => {
    const wanted = random.next() * total
    let [low, high] = [0, sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] as number) > wanted) high = middle
      else low = middle + 1
    }
    return items[low] as Item
  }
}

/** Gives each of those words as often as its share says. */
export const createShares = <Word extends string>(
  shares: Readonly<Record<Word, number>>,
): ((random: Random) => Word) => {
  const weighted = createWeighted(Object.entries(shares) as [Word, number][], ([, share]) => share)
  return random => weighted(random)[0]
}

/** Whole numbers in proportion to the weights whose sum is exactly `total`. */
export const allocate = (total: number, weights: readonly number[]): number[] => {
  const sum = weights.reduce((before, weight) => before + weight, 0)
  let [weighed, given] = [0, 0]
  return weights.map(weight => {
    weighed += weight
    const until = Math.round((total * weighed) / sum)
    const share = until - given
    given = until
    return share
  })
}

/** A number for a text and a seed, spread evenly over 53 bits. */
export const hash = (text: string, seed: number): number => {
  let [a, b] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 0x9e3779b1)
    b = Math.imul(b ^ code, 0x5f356495)
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return 0x1_0000_0000 * (b & 0x1fffff) + (a >>> 0)
}

const createWords = (seed: string): (() => number) => {
  const [high, low] = [hash(seed, 0x51ed270b), hash(seed, 0x2545f491)]
  let a = high >>> 0
  let b = Math.floor(high / 0x1_0000_0000) ^ (low << 11)
  let c = low >>> 0
  let counter = 1
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  // The first words still resemble the seed.
  for (let round = 0; round < 15; round++) word()
  return word
}

const octets = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))

const hex = (word: number): string =>
  `${octets[word >>> 24]}${octets[(word >>> 16) & 255]}${octets[(word >>> 8) & 255]}${octets[word & 255]}`
