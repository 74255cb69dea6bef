/**
 * The operators of texts, each made for one constant. Nearly every text of a row is ASCII, and so is nearly every
 * constant; then units are compared where they stand, without a copy. At the first unit beyond ASCII the text is
 * brought into the compared form and searched as a whole, since a mark may change the letter before it.
 *
 * What the short ways rest on: NFC and folding make an ASCII unit out of single units only (the Kelvin sign, the long
 * s), and an ASCII unit stays one unless a mark follows. So a text that is to hold n ASCII units has at least n.
 */
import { rememberFor } from '../model/remember.ts'
import { cased, isAscii, folded, type Letters } from './letters.ts'
import { createPattern } from './pattern.ts'

export type TextTest = (text: string) => boolean

export const textTest = (
  op: 'eq' | 'contains' | 'startsWith' | 'endsWith' | 'like',
  value: string,
  letters: Letters,
): TextTest => {
  const wanted = letters.of(value)
  if (op === 'like') return createPattern(wanted, letters)
  if (isAscii(wanted)) return asciiTests[op](wanted, letters)
  const compare = wholeTests[op]
  return text => !isAscii(text) && compare(letters.of(text), wanted)
}

/** Whether the text is one of the values. */
export const textInTest = (values: readonly string[], letters: Letters): TextTest => {
  const wanted = (letters === cased ? casedSet : foldedSet)(values)
  return text => wanted.has(letters.of(text))
}

// Of thousands of values they take longer to make than many a list takes to test: once for all lists with that filter.
const casedSet = rememberFor(
  (values: readonly string[]): ReadonlySet<string> => new Set(values.map(cased.of)),
)
const foldedSet = rememberFor(
  (values: readonly string[]): ReadonlySet<string> => new Set(values.map(folded.of)),
)

const wholeTests = {
  eq: (text: string, wanted: string) => text === wanted,
  contains: (text: string, wanted: string) => text.includes(wanted),
  startsWith: (text: string, wanted: string) => text.startsWith(wanted),
  endsWith: (text: string, wanted: string) => text.endsWith(wanted),
}

/** Of a text that is ASCII. */
const unitsOf = (text: string): Uint8Array => Buffer.from(text, 'latin1')

const asciiTests = {
  eq: (wanted: string, { of, ascii }: Letters): TextTest => {
    const units = unitsOf(wanted)
    const length = units.length
    return text => {
      if (text.length !== length) return false
      for (let i = 0; i < length; i++) {
        const unit = text.charCodeAt(i)
        if (unit > 127) return of(text) === wanted
        if (ascii[unit] !== units[i]) return false
      }
      return true
    }
  },

  startsWith: (wanted: string, { of, ascii }: Letters): TextTest => {
    const units = unitsOf(wanted)
    const length = units.length
    return text => {
      if (text.length < length) return false
      for (let i = 0; i < length; i++) {
        const unit = text.charCodeAt(i)
        if (unit > 127) return of(text).startsWith(wanted)
        if (ascii[unit] !== units[i]) return false
      }
      return !(text.charCodeAt(length) > 127) || of(text).startsWith(wanted)
    }
  },

  endsWith: (wanted: string, { of, ascii }: Letters): TextTest => {
    const units = unitsOf(wanted)
    const length = units.length
    return text => {
      const start = text.length - length
      if (start < 0) return false
      for (let i = length - 1; i >= 0; i--) {
        const unit = text.charCodeAt(start + i)
        if (unit > 127) return of(text).endsWith(wanted)
        if (ascii[unit] !== units[i]) return false
      }
      return true
    }
  },

  contains: (wanted: string, { of, ascii }: Letters): TextTest => {
    const units = unitsOf(wanted)
    const length = units.length
    const [first] = units
    if (first === undefined) return () => true
    return text => {
      const end = text.length
      if (end < length) return false
      // To the end, not to the last place where it could begin: a unit beyond ASCII may stand there.
      for (let start = 0; start < end; start++) {
        const unit = text.charCodeAt(start)
        if (unit > 127) return of(text).includes(wanted)
        if (ascii[unit] !== first) continue
        let next = start + 1
        for (let i = 1; i < length; i++, next++) {
          // Past the end there is NaN, which equals no unit; nor does a unit beyond ASCII, met again further on.
          if (ascii[text.charCodeAt(next)] !== units[i]) break
        }
        if (next === start + length)
          return !(text.charCodeAt(next) > 127) || of(text).includes(wanted)
      }
      return false
    }
  },
}
