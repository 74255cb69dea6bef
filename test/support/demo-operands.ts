/** What random filters compare with, taken from a tenant's own rows, so that most of them pass some and not all. */
import fc from 'fast-check'
import type { CollectionName } from '../../src/model/rows.ts'
import type { Operands } from './random-filters.ts'
import type { Dataset } from './reference-filter.ts'

/** Values kept of each field; more only make the choice slower. */
const MOST = 60

/** Values of those rows, changed in letter case, composition, length or by a second. */
export const operandsOf = (data: Dataset): Operands => {
  const kept = new Map<string, readonly unknown[]>()
  const valuesOf = (
    kind: CollectionName | 'detectionEvents',
    field: string,
  ): readonly unknown[] => {
    const key = `${kind} ${field}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const rows: readonly object[] =
      kind === 'detectionEvents' ? data.detections.flatMap(of => of.events ?? []) : data[kind]
    const values = [
      ...new Set(rows.flatMap(row => (row as Readonly<Record<string, unknown>>)[field] ?? [])),
    ]
    const step = Math.max(1, Math.floor(values.length / MOST))
    const some = values.filter((_, index) => index % step === 0)
    kept.set(key, some)
    return some
  }
  const textsOf = (kind: CollectionName | 'detectionEvents', field: string): readonly string[] => [
    ...valuesOf(kind, field).filter(value => typeof value === 'string'),
    ...(field === 'connectorAlias' ? ['default', 'other'] : []),
    'İstanbul',
    '',
  ]

  return {
    text: (kind, field) => alike(fc.constantFrom(...textsOf(kind, field))),
    pattern: (kind, field) => patterns(fc.constantFrom(...textsOf(kind, field))),
    id: (kind, field) => fc.constantFrom(...textsOf(kind, field), 'nobody'),
    moment: (kind, field) => {
      const seconds = valuesOf(kind, field).filter(value => typeof value === 'number')
      return fc
        .tuple(fc.constantFrom(...seconds, 0, 253_402_300_799), fc.constantFrom(0, 0, -1, 1))
        .map(([second, more]) => Math.min(second + more, 253_402_300_799))
    },
  }
}

type Texts = fc.Arbitrary<string>

const alike = (text: Texts): Texts =>
  fc.oneof(
    { weight: 4, arbitrary: text },
    { weight: 1, arbitrary: text.map(of => of.toUpperCase()) },
    { weight: 1, arbitrary: text.map(of => of.toLowerCase()) },
    { weight: 1, arbitrary: text.map(of => of.normalize('NFD')) },
    { weight: 1, arbitrary: text.map(of => of.normalize('NFC')) },
    { weight: 2, arbitrary: partOf(text) },
  )

/** A part of a text, by whole characters. */
const partOf = (text: Texts): Texts =>
  fc.tuple(text, fc.nat(30), fc.integer({ min: 1, max: 8 })).map(([of, from, length]) => {
    const letters = Array.from(of)
    const start = from % Math.max(1, letters.length)
    return letters.slice(start, start + length).join('')
  })

/** A text with one of its letters, or what stands before or behind it, left open. */
const patterns = (text: Texts): Texts =>
  fc
    .tuple(text, fc.nat(30), fc.constantFrom('?', '*', '?*', '**'), fc.nat(3))
    .map(([of, at, sign, ends]) => {
      const letters = Array.from(of.replaceAll(/[*?]/g, ''))
      const middle = letters.length === 0 ? [sign] : letters.with(at % letters.length, sign)
      return `${ends % 2 === 1 ? '*' : ''}${middle.join('')}${ends > 1 ? '*' : ''}`
    })
