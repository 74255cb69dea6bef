/**
 * Names from many places. Where a name does not reduce to ASCII by dropping its accents, the ASCII form for e-mail
 * addresses follows a bar.
 */
import { readFileSync } from 'node:fs'

interface Name {
  readonly written: string
  /** Lower case ASCII letters. */
  readonly plain: string
}

// Letters that Unicode does not take apart into a base and an accent.
const letters: Readonly<Record<string, string>> = {
  ı: 'i',
  ø: 'o',
  ł: 'l',
  ß: 'ss',
  æ: 'ae',
  þ: 'th',
  ð: 'd',
  đ: 'd',
  ə: 'e',
  ħ: 'h',
  œ: 'oe',
}

/** The name in lower case ASCII letters, as companies write it in addresses. */
export const toPlain = (written: string): string =>
  written
    .toLowerCase()
    .normalize('NFD')
    .replace(/[ıøłßæþðđəħœ]/g, letter => letters[letter] ?? '')
    .replace(/[^a-z]/g, '')

/** Those of a file beside this one. */
const names = (file: string): readonly Name[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .trim()
    .split(/\s*,\s*/)
    .map(entry => {
      const [written = '', plain = toPlain(written)] = entry.split('|')
      return { written, plain }
    })

export const firstNames = names('first-names.txt')

export const lastNames = names('last-names.txt')

/** Words of a made-up company's domain. The endings are reserved: nobody owns them. */
const companyFirst =
  'harbor north silver cedar granite tide lumen amber field atlas copper river summit ember marble orchard quartz willow falcon delta'
const companySecond =
  'lane wind gate works bridge water light stone peak mark ford line crest point vale yard grove ridge port mill'

export const companyWords = { first: companyFirst.split(' '), second: companySecond.split(' ') }
