/**
 * What makes two texts the same. Composed and decomposed accents always are (NFC); upper and lower case are where
 * letters are folded, by Unicode's simple case folding (CaseFolding.txt, status C and S): one code point for one,
 * so that ß is not ss, and without Turkish rules, so that neither ı nor İ is i.
 */

export interface Letters {
  /** The text in the form that is compared. */
  readonly of: (text: string) => string
  /** The same for a code unit below 128. */
  readonly ascii: Uint8Array
}

const units = Array.from({ length: 128 }, (_, unit) => unit)

/** Case matters: NFC alone. */
export const cased: Letters = {
  of: text => (isAscii(text) ? text : composed(text)),
  ascii: Uint8Array.from(units),
}

/** Case does not matter: NFC, then simple case folding. */
export const folded: Letters = {
  of: text => (isAscii(text) ? text.toLowerCase() : fold(composed(text))),
  ascii: Uint8Array.from(units, unit => String.fromCharCode(unit).toLowerCase().charCodeAt(0)),
}

/** Whether every code unit is below 128: then NFC changes nothing and folding A-Z alone. */
export const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false
  return true
}

/** Marks behind one letter that are put in order together. No text of any language has as many. */
const MOST_MARKS = 30
/** In a text of fewer units even one run of marks takes no time worth counting. */
const SHORT = 256
/** Has no shape, and no mark is put in order beyond it. */
const JOINER = '\u034f'
const MARK = `[^\\P{M}${JOINER}]`
const manyMarks = new RegExp(`(?<!${MARK})${MARK}{${MOST_MARKS + 1},}`, 'gu')
const someMarks = new RegExp(`${MARK}{${MOST_MARKS}}(?=${MARK})`, 'gu')

/**
 * The text in NFC. To put marks in order takes time with the square of how many there are: of longer runs, every so many are
 * by themselves.
 *
 * @see https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
 */
const composed = (text: string): string =>
  (text.length < SHORT ? text : text.replace(manyMarks, parted)).normalize('NFC')

const parted = (marks: string): string => marks.replace(someMarks, some => some + JOINER)

/**
 * Negative when `a` comes first, 0 when they are the same. By code point; `<` goes by UTF-16 unit, which puts the
 * characters beyond U+FFFF, whose units begin at U+D800, before those from U+E000 on.
 */
export const compareCodePoints = (a: string, b: string): number => {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** The same order for the folded forms of both, without making them where both texts are ASCII. */
export const compareFolded = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x > 127 || y > 127) return compareWhole(a, b)
    if (folded.ascii[x] === folded.ascii[y]) continue
    // A mark that follows would change the letter here.
    if (a.charCodeAt(i + 1) > 127 || b.charCodeAt(i + 1) > 127) return compareWhole(a, b)
    return (folded.ascii[x] ?? 0) - (folded.ascii[y] ?? 0)
  }
  return a.length - b.length
}

const compareWhole = (a: string, b: string): number => compareCodePoints(folded.of(a), folded.of(b))

const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)

/**
 * Folding is the lower case of each code point but for these: most share an upper case with another letter, but are
 * their own lower case.
 */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['\u0345', '\u03b9'], // iota below, ι
  ['\u00b5', '\u03bc'], // micro sign, μ
  ['\u017f', 's'], // long s
  ['\u03a3', '\u03c3'], // Σ, whose lower case in a text depends on its neighbours
  ['\u03c2', '\u03c3'], // final sigma, σ
  ['\u03d0', '\u03b2'], // β
  ['\u03d1', '\u03b8'], // θ
  ['\u03d5', '\u03c6'], // φ
  ['\u03d6', '\u03c0'], // π
  ['\u03f0', '\u03ba'], // κ
  ['\u03f1', '\u03c1'], // ρ
  ['\u03f5', '\u03b5'], // ε
  ['\u1c80', '\u0432'], // Cyrillic variants of в д о с т т ъ ѣ ꙋ
  ['\u1c81', '\u0434'],
  ['\u1c82', '\u043e'],
  ['\u1c83', '\u0441'],
  ['\u1c84', '\u0442'],
  ['\u1c85', '\u0442'],
  ['\u1c86', '\u044a'],
  ['\u1c87', '\u0463'],
  ['\u1c88', '\ua64b'],
  ['\u1e9b', '\u1e61'], // ẛ, ṡ
  ['\u1fbe', '\u03b9'], // ι
  ['\u1fd3', '\u0390'], // ΐ
  ['\u1fe3', '\u03b0'], // ΰ
  ['\ufb05', '\ufb06'], // the ligatures ſt and st
])

const exceptional = new RegExp(`[${[...exceptions.keys()].join('')}]`, 'gu')

/** What folds to its upper case: İ, which is its own, and Cherokee. The lower case of İ is an i and a dot. */
const contrary = /[\u0130\u13a0-\u13fd\uab70-\uabbf]/u

const fold = (text: string): string => {
  const letters = text.replace(exceptional, letter => exceptions.get(letter) ?? letter)
  return contrary.test(letters) ? Array.from(letters, foldContrary).join('') : letters.toLowerCase()
}

const foldContrary = (letter: string): string =>
  contrary.test(letter) ? letter.toUpperCase() : letter.toLowerCase()
