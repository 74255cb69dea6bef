/** Random rows and random filters over them, hard on letters, nulls, unknown words and links that lead nowhere. */
import fc from 'fast-check'
import { collectionNames, collections } from '../../src/model/collections.ts'
import { detectionEventFields } from '../../src/model/detection-events.ts'
import type { Field } from '../../src/model/collection.ts'
import { enums, ranked, UNRECOGNIZED } from '../../src/model/enums.ts'
import { detectionEventRelations, relations, type Relations } from '../../src/model/relations.ts'
import type { CollectionName, DetectionEvent, Rows } from '../../src/model/rows.ts'
import { fieldsOf, isStored, type ListName } from '../../src/model/stored.ts'
import { durations, type Dataset } from './reference-filter.ts'

export const NOW_SECONDS = 1_714_564_800

/** Texts that are alike but for case, composition, or a neighbour in Unicode; some are parts of others. */
export const madeUpTexts: readonly string[] = [
  '',
  'anna',
  'Anna',
  'ANNA.B@example.com',
  'b@EXAMPLE.com',
  'Ann',
  'n',
  'example',
  'caf\u00e9',
  'CAFE\u0301',
  'cafe',
  'e\u0301',
  '\u0301',
  'stra\u00dfe',
  'STRASSE',
  'stra\u1e9ee',
  'i',
  'I',
  '\u0130stanbul',
  '\u0131',
  'i\u0307stanbul',
  '\u03a3\u03a3',
  '\u03c3\u03c2',
  '\u03c3',
  '\u212a',
  'k',
  'kK',
  '\u017fs',
  '\u{1f600}',
  'a\u{1f600}b',
  '\u{10400}',
  '\u{10428}x',
  'a*b?c',
  'a.b',
  '\uff21',
  '\ufffd',
  'Legal \u2013 Ops',
  '%_\\',
  'CAF\u00c9',
]

export const madeUpPatterns: readonly string[] = [
  '*',
  '?',
  '??',
  'a*',
  '*a',
  '*n*',
  'A?N*',
  '*.?@*',
  'caf?',
  '?*?',
  '*\u{1f600}?',
  'a\\*b',
  '%_\\',
  '%?\\*',
]

export const madeUpText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...madeUpTexts) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...madeUpTexts), fc.constantFrom(...madeUpTexts))
      .map(pair => pair.join('')),
  },
)
const pattern = fc.oneof(fc.constantFrom(...madeUpPatterns), madeUpText)

const ids = ['1', '2', '3', '4', 'a', 'A', 'b', 'nobody']
const id = fc.constantFrom(...ids)

const moment = fc.oneof(
  fc.constantFrom(
    NOW_SECONDS,
    NOW_SECONDS - 1,
    NOW_SECONDS - 7 * 86_400,
    NOW_SECONDS - 7 * 86_400 - 1,
    NOW_SECONDS + 60,
    0,
    -62_135_596_800,
    253_402_300_799,
  ),
  fc.integer({ min: NOW_SECONDS - 40 * 86_400, max: NOW_SECONDS }),
)

/** Versions that are alike but for a part, a zero before or behind, or more digits than a number has. */
const version = fc.oneof(
  fc.constantFrom('1.2', '1.2.0', '1.10', '01.2', '9', '10.0.0.1', '0', '99999999999999999999.1'),
  fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }).map(parts => parts.join('.')),
)

const valueOf = (field: Field): fc.Arbitrary<unknown> => {
  const words: readonly string[] = field.enum === undefined ? [] : enums[field.enum].slice(0, 3)
  const word = fc.constantFrom(...words, 'NEW_WORD', UNRECOGNIZED, 'low')
  switch (field.kind) {
    case 'id':
      return id
    case 'string':
      return field.isVersion === true ? fc.oneof(version, madeUpText) : madeUpText
    case 'boolean':
      return fc.boolean()
    case 'seconds':
      return moment
    case 'enum':
      return word
    case 'strings':
      return fc.array(madeUpText, { maxLength: 3 })
    case 'enums':
      return fc.array(word, { maxLength: 3 })
    case 'objects':
      return fc.array(rowOf<DetectionEvent>(detectionEventFields), { maxLength: 3 })
    default:
      return field.kind satisfies never
  }
}

const rowOf = <Row>(fields: Readonly<Record<string, Field>>): fc.Arbitrary<Row> =>
  fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        name,
        field.required ? valueOf(field) : fc.option(valueOf(field), { freq: 4 }),
      ]),
    ),
  ) as fc.Arbitrary<Row>

/** A few rows of every collection, each id once. */
export const datasets: fc.Arbitrary<Dataset> = fc.record(
  Object.fromEntries(
    collectionNames.map(name => [
      name,
      fc.uniqueArray(rowOf<Rows[CollectionName]>(collections[name].fields), {
        selector: row => row.id,
        minLength: 2,
        maxLength: 6,
        size: 'max',
      }),
    ]),
  ),
) as unknown as fc.Arbitrary<Dataset>

type Input = fc.Arbitrary<Record<string, unknown>>
type Member = readonly [name: string, value: fc.Arbitrary<unknown>]
type Kind = ListName | 'detectionEvents'
type OperandKind = CollectionName | 'detectionEvents'

/** What filters compare with: values that some rows have and others do not. */
export interface Operands {
  text(kind: OperandKind, field: string): fc.Arbitrary<string>
  pattern(kind: OperandKind, field: string): fc.Arbitrary<string>
  id(kind: OperandKind, field: string): fc.Arbitrary<string>
  /** UNIX seconds. */
  moment(kind: OperandKind, field: string): fc.Arbitrary<number>
}

/** Those of the made-up rows. */
const madeUp: Operands = {
  text: () => madeUpText,
  pattern: () => pattern,
  id: () => id,
  moment: () => moment,
}

/** A filter input of that type, of stored lists with operands made up alone; `depth` bounds how far relations and and/or/not go. */
export const filterInputs = (kind: Kind, depth = 3, operands = madeUp): Input => {
  const made = madeFrom.get(operands) ?? new Map<string, Input>()
  madeFrom.set(operands, made)
  const known = made.get(`${kind} ${depth}`)
  if (known !== undefined) return known
  const fields = kind === 'detectionEvents' ? detectionEventFields : fieldsOf(kind)
  // Operands that are made up are the same for every list.
  const of = kind as OperandKind
  const own = Object.entries(fields as Readonly<Record<string, Field>>).flatMap(([name, field]) =>
    fieldMembers(of, name, field, depth, operands),
  )
  const input = someOf([
    ...own,
    ...(kind === 'detectionEvents' ? [] : [textMember(of, 'connectorAlias', operands)]),
    ...(kind === 'apps' ? [textMember(of, 'name', operands)] : []),
    ...(linkedKinds.has(kind) ? [['exists', fc.boolean()] as const] : []),
    ...(depth > 0 ? nested(kind, depth - 1, operands) : []),
  ])
  made.set(`${kind} ${depth}`, input)
  return input
}

/** What links lead to. */
const linkedKinds: ReadonlySet<string> = new Set(['employees', 'accounts', 'apps', 'browsers'])

const madeFrom = new Map<Operands, Map<string, Input>>()

/** Up to three of the members, seldom none; the same one twice counts once. */
const someOf = (members: readonly Member[]): Input =>
  fc
    .nat(9)
    .chain(chance =>
      fc.array(fc.oneof(...members.map(([name, value]) => fc.tuple(fc.constant(name), value))), {
        minLength: chance === 0 ? 0 : 1,
        maxLength: chance < 5 ? 1 : 3,
        size: 'max',
      }),
    )
    .map(entries => Object.fromEntries(entries))

const nested = (kind: Kind, depth: number, operands: Operands): readonly Member[] => {
  const { toOne, toMany } = linksOf(kind)
  const again = filterInputs(kind, depth, operands)
  const logic: readonly Member[] = [
    ['and', fc.array(again, { maxLength: 3 })],
    ['or', fc.array(again, { maxLength: 3 })],
    ['not', again],
  ]
  return [
    // As often as a field or two, so that most filters have structure.
    ...logic,
    ...logic,
    ...toOne.map(({ name, to }): Member => [name, filterInputs(to, depth, operands)]),
    ...toMany.map(({ name, to }): Member => [name, quantified(filterInputs(to, depth, operands))]),
  ]
}

/** Of what is stored the links are followed elsewhere. */
const linksOf = (kind: Kind): Pick<Relations, 'toOne' | 'toMany'> => {
  if (kind === 'detectionEvents') return detectionEventRelations
  return isStored(kind) ? { toOne: [], toMany: [] } : relations[kind]
}

const quantified = (of: Input): Input =>
  someOf([
    ['some', of],
    ['every', of],
    ['none', of],
    ['count', counted(of)],
  ])

/** Few numbers, as lists are short; half the time of those that pass something. */
const counted = (of: Input): Input => {
  const number = fc.integer({ min: -1, max: 4 })
  const numbers = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'].map((name): Member => [name, number])
  return fc
    .tuple(someOf([...numbers, ...numbers, isNull]), fc.option(of, { nil: undefined }))
    .map(([operators, where]) => (where === undefined ? operators : { ...operators, where }))
}

const fieldMembers = (
  kind: OperandKind,
  name: string,
  field: Field,
  depth: number,
  operands: Operands,
): readonly Member[] => {
  const ofText = (): Input => textInput(operands.text(kind, name), operands.pattern(kind, name))
  const words = fc.constantFrom(
    ...(field.enum === undefined ? [] : enums[field.enum].slice(0, 3)),
    UNRECOGNIZED,
  )
  switch (field.kind) {
    case 'string':
      if (field.isVersion === true)
        return [
          [name, fc.tuple(ofText(), someOf(inOrder(version))).map(([a, b]) => ({ ...a, ...b }))],
        ]
      return kind === 'detectionEvents' && name === 'metadata'
        ? [['metadataRaw', ofText()]]
        : [inPlace(field, name, ofText())]
    case 'id':
      return [[name, wordInput(operands.id(kind, name))]]
    case 'boolean':
      return [inPlace(field, name, someOf([['eq', fc.boolean()], isNull]))]
    case 'seconds':
      return [inPlace(field, name, momentInput(operands.moment(kind, name)))]
    case 'enum':
      return [
        [name, wordInput(words, field.enum !== undefined && ranked.has(field.enum))],
        [`${name}Raw`, ofText()],
      ]
    case 'strings':
      return [[name, elementsInput(ofText())]]
    case 'enums':
      return [
        [name, elementsInput(wordInput(words))],
        [`${name}Raw`, elementsInput(ofText())],
      ]
    case 'objects':
      return depth > 0
        ? [[name, quantified(filterInputs('detectionEvents', depth - 1, operands))]]
        : []
    default:
      return field.kind satisfies never
  }
}

const inPlace = (field: Field, name: string, input: Input): Member =>
  field.from.startsWith('loginMethods.')
    ? ['loginMethods', input.map(value => ({ [name]: value }))]
    : [name, input]

const isNull: Member = ['isNull', fc.boolean()]

const textMember = (kind: OperandKind, name: string, operands: Operands): Member => [
  name,
  textInput(operands.text(kind, name), operands.pattern(kind, name)),
]

const textInput = (text: fc.Arbitrary<string>, pattern: fc.Arbitrary<string>): Input =>
  someOf([
    ['eq', text],
    ['ne', text],
    ['in', fc.array(text, { maxLength: 12, size: 'max' })],
    ['notIn', fc.array(text, { maxLength: 12, size: 'max' })],
    ['contains', text],
    ['startsWith', text],
    ['endsWith', text],
    ['like', pattern],
    isNull,
    ['caseSensitive', fc.boolean()],
  ])

const inOrder = (value: fc.Arbitrary<string>): readonly Member[] =>
  ['gt', 'gte', 'lt', 'lte'].map(operator => [operator, value])

const wordInput = (word: fc.Arbitrary<string>, isRanked = false): Input =>
  someOf([
    ...(isRanked ? inOrder(word) : []),
    ['eq', word],
    ['ne', word],
    ['in', fc.array(word, { maxLength: 3 })],
    ['notIn', fc.array(word, { maxLength: 3 })],
    isNull,
  ])

const momentInput = (moment: fc.Arbitrary<number>): Input =>
  someOf([
    ...['eq', 'ne', 'gt', 'gte', 'lt', 'lte'].map((operator): Member => [operator, moment]),
    ['gt', moment.map(seconds => seconds + 0.5)],
    ['within', fc.constantFrom(...Object.keys(durations))],
    ['olderThan', fc.constantFrom(...Object.keys(durations))],
    isNull,
  ])

const elementsInput = (element: Input): Input =>
  someOf([['any', element], ['all', element], ['none', element], ['isEmpty', fc.boolean()], isNull])
