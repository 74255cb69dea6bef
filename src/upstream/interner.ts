/** One copy of equal texts and equal lists of texts, so that a word stands in memory once and not once per row. */
export interface Interner {
  readonly text: (text: string) => string
  /** A frozen list with these elements, each of them one copy too. */
  readonly list: (texts: readonly string[]) => readonly string[]
}

const EMPTY: readonly string[] = Object.freeze([])
/** Between the elements in a list's name. Lists whose texts hold it can share a name, so names are not trusted. */
const SEPARATOR = '\u0000'

/**
 * An interner that holds at most twice `capacity` texts and twice as many lists. What has not been asked for
 * since the last `capacity` new ones is forgotten: a copy too many, never a wrong one.
 */
export const createInterner = (capacity = 50_000): Interner => {
  const texts = createGenerations<string>(capacity)
  const lists = createGenerations<readonly string[]>(capacity)

  const text = (value: string): string => texts.get(value) ?? texts.add(value, value)

  return {
    text,
    list: values => {
      if (values.length === 0) return EMPTY
      const name = values.join(SEPARATOR)
      const known = lists.get(name)
      if (known?.length === values.length && known.every((of, index) => of === values[index]))
        return known
      return lists.add(name, Object.freeze(values.map(text)))
    },
  }
}

interface Generations<Value> {
  get(key: string): Value | undefined
  add(key: string, value: Value): Value
}

const createGenerations = <Value>(capacity: number): Generations<Value> => {
  let young = new Map<string, Value>()
  let old = new Map<string, Value>()

  const add = (key: string, value: Value): Value => {
    if (young.size >= capacity) {
      old = young
      young = new Map()
    }
    young.set(key, value)
    return value
  }

  return {
    get: key => {
      const value = young.get(key)
      if (value !== undefined) return value
      const older = old.get(key)
      return older === undefined ? undefined : add(key, older)
    },
    add,
  }
}
