/** Versions: numbers with dots between them, such as `124.0.6367.91`, compared part by part. */

/** Whether the text is one: nothing but digits between its dots. */
export const isVersion = (text: string): boolean => /^\d+(?:\.\d+)*$/.test(text)

/** Compares two versions; a part that is not there is 0, so that `1.2` is `1.2.0`. */
export const compareVersions = (a: string, b: string): number => {
  const [partsA, partsB] = [a.split('.'), b.split('.')]
  const length = Math.max(partsA.length, partsB.length)
  for (let index = 0; index < length; index += 1) {
    const order = compareDigits(partsA[index] ?? '0', partsB[index] ?? '0')
    if (order !== 0) return order
  }
  return 0
}

/** How a text stands to that version, as the operator asks; what is no version never passes. */
export const versionTest = (
  op: 'gt' | 'gte' | 'lt' | 'lte',
  wanted: string,
): ((text: string) => boolean) => {
  const compare = (text: string): number =>
    isVersion(text) ? compareVersions(text, wanted) : Number.NaN
  switch (op) {
    case 'gt':
      return text => compare(text) > 0
    case 'gte':
      return text => compare(text) >= 0
    case 'lt':
      return text => compare(text) < 0
    case 'lte':
      return text => compare(text) <= 0
    default:
      return op satisfies never
  }
}

/** Whole numbers of any length. */
const compareDigits = (a: string, b: string): number => {
  const [one, other] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')]
  if (one.length !== other.length) return one.length - other.length
  return one < other ? -1 : one > other ? 1 : 0
}
