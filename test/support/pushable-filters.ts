/** Random filters that Push could be asked for, alone or beside parts that only we can check. */
import fc from 'fast-check'
import { collections } from '../../src/model/collections.ts'
import { enums, UNRECOGNIZED } from '../../src/model/enums.ts'
import { relations } from '../../src/model/relations.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import { operandsOf } from './demo-operands.ts'
import { filterInputs } from './random-filters.ts'
import type { Dataset } from './reference-filter.ts'
import { TEST_NOW } from './stand-in.ts'

type Input = fc.Arbitrary<object>

/** Filters of which at least one part is an id, a parameter of Push, or a link that a parameter follows. */
export const pushableFilters = (data: Dataset, name: CollectionName): Input => {
  const residual = filterInputs(name, 1, operandsOf(data))
  return fc
    .tuple(
      fc.array(fc.oneof(...parts(data, name)), { minLength: 1, maxLength: 2 }),
      fc.option(residual),
      fc.boolean(),
    )
    .map(([pushed, rest, flat]) => {
      const all = [...pushed, ...(rest === null ? [] : [rest])]
      return flat ? (Object.assign({}, ...all.toReversed()) as object) : { and: all }
    })
}

const parts = (data: Dataset, name: CollectionName): readonly Input[] => {
  const values = (field: string): readonly unknown[] => {
    const rows: readonly object[] = data[name]
    return rows.flatMap(row => (row as Readonly<Record<string, unknown>>)[field] ?? [])
  }
  const texts = (field: string): fc.Arbitrary<string> =>
    fc.constantFrom(...values(field).map(String), 'nobody')
  const oneOrMore = (field: string, value: fc.Arbitrary<string>, more: object = {}): Input =>
    fc.oneof(
      value.map(eq => ({ [field]: { eq, ...more } })),
      fc.array(value, { maxLength: 4 }).map(of => ({ [field]: { in: of, ...more } })),
    )
  const fields: Readonly<Record<string, { readonly kind: string }>> = collections[name].fields

  const byParameter = collections[name].pushdown.map(({ field, operator, strength }): Input => {
    if (operator !== 'eq') return moments(field, values(field) as readonly number[])
    switch (fields[field]?.kind) {
      case 'boolean':
        return fc.boolean().map(eq => ({ [field]: { eq } }))
      case 'enum':
        return oneOrMore(field, fc.constantFrom(...wordsOf(name, field), UNRECOGNIZED))
      case 'id':
        return oneOrMore(field, texts(field))
      default:
        return strength === 'exact'
          ? oneOrMore(field, texts(field), { caseSensitive: true })
          : oneOrMore(
              field,
              fc
                .tuple(texts(field), fc.constantFrom('asIs', 'toUpperCase', 'toLowerCase'))
                .map(([text, letters]) => (letters === 'asIs' ? text : text[letters]())),
            )
    }
  })
  const parameters = new Set(collections[name].pushdown.map(({ field }) => field))
  const byLink = relations[name].toOne
    .filter(({ idField }) => parameters.has(idField))
    .map(link =>
      filterInputs(link.to, 1, operandsOf(data)).map((of): object => ({ [link.name]: of })),
    )
  return [oneOrMore('id', texts('id')), ...byParameter, ...byLink]
}

const wordsOf = (name: CollectionName, field: string): readonly string[] => {
  const fields: Readonly<Record<string, { readonly enum?: keyof typeof enums }>> =
    collections[name].fields
  const of = fields[field]?.enum
  return of === undefined ? [] : enums[of]
}

/** Bounds at the very times of rows, most of them lately, so that few rows lie behind them. */
const moments = (field: string, times: readonly number[]): Input => {
  const newest = times.toSorted((a, b) => b - a)
  const bound = fc.constantFrom(
    ...newest.slice(0, Math.ceil(newest.length / 4)),
    ...newest.filter((_, index) => index % 10 === 0),
    TEST_NOW,
  )
  return fc.oneof(
    bound.map(gt => ({ [field]: { gt } })),
    bound.map(gte => ({ [field]: { gte } })),
    bound.map(second => ({ [field]: { gt: second - 0.5 } })),
    fc.tuple(bound, bound).map(([gte, lt]) => ({ [field]: { gte, lt } })),
    bound.map(eq => ({ [field]: { eq } })),
    bound.map(lt => ({ [field]: { lt } })),
    fc.constantFrom('P7D', 'P2W', 'PT1H').map(within => ({ [field]: { within } })),
  )
}
