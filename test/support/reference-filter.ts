/**
 * What a filter means, written as plainly as it can be and sharing nothing with src/filter: it walks the GraphQL
 * input itself, row by row, and looks for related rows by going through all of them.
 */
import { collections } from '../../src/model/collections.ts'
import { detectionEventFields } from '../../src/model/detection-events.ts'
import { enums } from '../../src/model/enums.ts'
import type { CollectionName, Rows } from '../../src/model/rows.ts'

export type Dataset = { readonly [Name in CollectionName]: readonly Rows[Name][] }

export interface ReferenceWorld {
  readonly data: Dataset
  readonly connectorAlias: string
  readonly nowSeconds: number
}

type Kind = CollectionName | 'detectionEvents'
type Thing = Readonly<Record<string, unknown>>

/** Whether the row passes the filter, given as GraphQL's coerced input. */
export const referencePasses = (
  world: ReferenceWorld,
  kind: Kind,
  input: unknown,
  row: object,
): boolean => passes(world, kind, input as Thing, row as Thing)

const links: Readonly<Record<string, readonly [idField: string, to: CollectionName]>> = {
  employee: ['employeeId', 'employees'],
  owner: ['ownerId', 'employees'],
  account: ['accountId', 'accounts'],
  app: ['appId', 'apps'],
  browser: ['browserId', 'browsers'],
}

/** The related rows of a list field; null where the list itself is. */
const lists: Readonly<
  Record<string, (data: Dataset, kind: Kind, row: Thing) => readonly object[] | null>
> = {
  'employees.accounts': ({ accounts }, _, { id }) => accounts.filter(of => of.employeeId === id),
  'employees.browsers': ({ browsers }, _, { id }) => browsers.filter(of => of.employeeId === id),
  'employees.browserExtensions': ({ browserExtensions }, _, { id }) =>
    browserExtensions.filter(of => of.employeeId === id),
  'employees.findings': ({ findings }, _, { id }) => findings.filter(of => of.employeeId === id),
  'employees.detections': ({ detections }, _, { id }) =>
    detections.filter(of => of.employeeId === id),
  'employees.ownedApps': ({ apps }, _, { id }) => apps.filter(of => of.ownerId === id),
  'accounts.findings': ({ findings }, _, { id }) => findings.filter(of => of.accountId === id),
  'accounts.passwordPeers': ({ accounts }, _, { id, passwordId }) =>
    accounts.filter(of => passwordId !== null && of.passwordId === passwordId && of.id !== id),
  'apps.accounts': ({ accounts }, _, { id }) => accounts.filter(of => of.appId === id),
  'apps.findings': ({ findings }, _, { id }) => findings.filter(of => of.appId === id),
  'browsers.detections': ({ detections }, _, { id }) =>
    detections.filter(of => of.browserId === id),
  'browsers.browserExtensions': ({ browserExtensions }, _, { id }) =>
    browserExtensions.filter(of => of.browserId === id),
  'findings.passwordPeers': ({ accounts }, _, { passwordId }) =>
    accounts.filter(of => passwordId !== null && of.passwordId === passwordId),
  'detections.events': (_, __, { events }) => events as readonly object[] | null,
}

/** The rows that a list field leads to, in no order. */
export const relatedRows = (
  data: Dataset,
  kind: CollectionName,
  field: string,
  row: object,
): readonly object[] | null => lists[`${kind}.${field}`]?.(data, kind, row as Thing) ?? null

const listKinds: Readonly<Record<string, Kind>> = {
  accounts: 'accounts',
  passwordPeers: 'accounts',
  browsers: 'browsers',
  browserExtensions: 'browserExtensions',
  findings: 'findings',
  detections: 'detections',
  ownedApps: 'apps',
  events: 'detectionEvents',
}

const passes = (world: ReferenceWorld, kind: Kind, input: Thing, row: Thing): boolean => {
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue
    if (name === 'and') {
      for (const part of value as Thing[]) if (!passes(world, kind, part, row)) return false
    } else if (name === 'or') {
      let one = false
      for (const part of value as Thing[]) if (passes(world, kind, part, row)) one = true
      if (!one) return false
    } else if (name === 'not') {
      if (passes(world, kind, value as Thing, row)) return false
    } else if (name === 'exists') {
      // A row that is asked about is there.
      if (value === false) return false
    } else if (name === 'loginMethods') {
      if (!passes(world, kind, value as Thing, row)) return false
    } else if (`${kind}.${name}` in lists) {
      if (!passesList(world, kind, name, value as Thing, row)) return false
    } else if ((links[name]?.[0] ?? '') in row) {
      // A browser has a field `browser` that is no link.
      if (!passesLink(world, name, value as Thing, row)) return false
    } else if (!passesField(world, kind, name, value as Thing, row)) return false
  }
  return true
}

const passesLink = (world: ReferenceWorld, name: string, input: Thing, row: Thing): boolean => {
  const [idField, to] = links[name] ?? ['', 'employees' as const]
  const target = world.data[to].find(of => of.id === row[idField])
  if (target === undefined) return speaksOfNone(input) && passesNone(input)
  return passes(world, to, input, target as unknown as Thing)
}

/** Whether a filter has `exists` in it, but within no relation. */
const speaksOfNone = (input: Thing): boolean =>
  Object.entries(input).some(
    ([name, value]) =>
      (name === 'exists' && value !== undefined) ||
      (name === 'not' && value !== undefined && speaksOfNone(value as Thing)) ||
      ((name === 'and' || name === 'or') && (value as Thing[] | undefined)?.some(speaksOfNone)),
  )

/** Whether it holds where there is nothing that anything could be compared with. */
const passesNone = (input: Thing): boolean => {
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue
    if (name === 'exists' && value === false) continue
    if (name === 'not' && !passesNone(value as Thing)) continue
    if (name === 'and' && (value as Thing[]).every(passesNone)) continue
    if (name === 'or' && (value as Thing[]).some(passesNone)) continue
    return false
  }
  return true
}

const passesList = (
  world: ReferenceWorld,
  kind: Kind,
  name: string,
  input: Thing,
  row: Thing,
): boolean => {
  const related = lists[`${kind}.${name}`]?.(world.data, kind, row) ?? null
  for (const [operator, value] of Object.entries(input)) {
    if (value === undefined) continue
    if (operator === 'count') {
      if (!passesCount(world, listKinds[name] ?? 'employees', value as Thing, related)) return false
      continue
    }
    if (related === null) return false
    const passing = related.filter(of =>
      passes(world, listKinds[name] ?? 'employees', value as Thing, of as Thing),
    ).length
    if (operator === 'some' && passing === 0) return false
    if (operator === 'every' && passing !== related.length) return false
    if (operator === 'none' && passing !== 0) return false
  }
  return true
}

const passesCount = (
  world: ReferenceWorld,
  kind: Kind,
  { where, ...operators }: Thing,
  related: readonly object[] | null,
): boolean => {
  const asked = Object.entries(operators).filter(([, given]) => given !== undefined)
  if (related === null) return asked.length === 0
  const number = related.filter(
    of => where === undefined || passes(world, kind, where as Thing, of as Thing),
  ).length
  return asked.every(([operator, given]) => {
    const wanted = given as number
    if (operator === 'eq') return number === wanted
    if (operator === 'ne') return number !== wanted
    if (operator === 'gt') return number > wanted
    if (operator === 'gte') return number >= wanted
    if (operator === 'lt') return number < wanted
    if (operator === 'lte') return number <= wanted
    if (operator === 'isNull') return given === false
    throw new Error(`The reference knows no operator ${operator}`)
  })
}

const passesField = (
  world: ReferenceWorld,
  kind: Kind,
  name: string,
  input: Thing,
  row: Thing,
): boolean => {
  if (name === 'connectorAlias') return passesText(world.connectorAlias, input)
  if (name === 'name' && kind === 'apps')
    return passesText((row['friendlyName'] ?? row['type']) as string, input)

  const fields: Readonly<Record<string, { kind: string; enum?: keyof typeof enums }>> =
    kind === 'detectionEvents' ? detectionEventFields : collections[kind].fields
  if (name.endsWith('Raw')) {
    const value = row[name.slice(0, -'Raw'.length)] as string | readonly string[] | null
    return fields[name.slice(0, -'Raw'.length)]?.kind === 'enums'
      ? passesElements(value as readonly string[] | null, input, passesText)
      : passesText(value as string | null, input)
  }

  const value = row[name]
  const words: readonly string[] = enums[fields[name]?.enum ?? 'FindingState']
  const recognized = (word: string): string => (words.includes(word) ? word : 'UNRECOGNIZED')
  if (kind === 'browsers' && (name === 'version' || name === 'extensionVersion'))
    return passesVersion(value as string | null, input)
  if (name === 'severity' || name === 'sensitivityLevel')
    return passesRank(words, value as string | null, input)
  switch (fields[name]?.kind) {
    case 'string':
      return passesText(value as string | null, input)
    case 'id':
    case 'boolean':
      return passesWord(value as string | boolean | null, input)
    case 'enum':
      return passesWord(value === null ? null : recognized(value as string), input)
    case 'seconds':
      return passesMoment(world.nowSeconds, value as number | null, input)
    case 'strings':
      return passesElements(value as readonly string[] | null, input, passesText)
    case 'enums':
      return passesElements(
        (value as readonly string[] | null)?.map(recognized) ?? null,
        input,
        passesWord,
      )
    default:
      throw new Error(`The reference knows no field ${kind}.${name}`)
  }
}

const ranges: ReadonlySet<string> = new Set(['gt', 'gte', 'lt', 'lte'])

/** The operators that ask what stands above, and the others. */
const withoutRanges = (input: Thing): readonly [Thing, readonly (readonly [string, string])[]] => [
  Object.fromEntries(Object.entries(input).filter(([operator]) => !ranges.has(operator))),
  Object.entries(input).filter(
    ([operator, given]) => ranges.has(operator) && given !== undefined,
  ) as [string, string][],
]

const isInRange = (operator: string, sign: number): boolean =>
  (sign > 0 && operator.startsWith('gt')) ||
  (sign < 0 && operator.startsWith('lt')) ||
  (sign === 0 && operator.endsWith('e'))

const passesRank = (words: readonly string[], value: string | null, input: Thing): boolean => {
  const [others, asked] = withoutRanges(input)
  for (const [operator, wanted] of asked) {
    const [own, other] = [words.indexOf(value ?? ''), words.indexOf(wanted)]
    if (own < 0 || other < 0 || !isInRange(operator, own - other)) return false
  }
  const recognized = value === null || words.includes(value) ? value : 'UNRECOGNIZED'
  return passesWord(recognized, others)
}

const passesVersion = (value: string | null, input: Thing): boolean => {
  const [others, asked] = withoutRanges(input)
  for (const [operator, wanted] of asked)
    if (value === null || !isInRange(operator, compareNumbers(value, wanted))) return false
  return passesText(value, others)
}

/** By the numbers between the dots; NaN where one of them has anything else there. */
export const compareNumbers = (a: string, b: string): number => {
  const parts = [a, b].map(text => text.split('.'))
  if (!parts.flat().every(part => /^[0-9]+$/.test(part))) return NaN
  const [one = [], other = []] = parts.map(texts => texts.map(BigInt))
  for (let index = 0; index < one.length + other.length; index += 1) {
    const difference = (one[index] ?? 0n) - (other[index] ?? 0n)
    if (difference !== 0n) return difference > 0n ? 1 : -1
  }
  return 0
}

const passesText = (value: string | null, input: Thing): boolean => {
  const flags = input['caseSensitive'] === true ? 'su' : 'siu'
  const text = value?.normalize('NFC')
  const escape = (of: string): string => of.normalize('NFC').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  const fits = (pattern: string): boolean =>
    text !== undefined && new RegExp(pattern, flags).test(text)
  const equals = (wanted: unknown): boolean => fits(`^${escape(wanted as string)}$`)

  for (const [operator, given] of Object.entries(input)) {
    if (given === undefined) continue
    const wanted = given as string
    const holds = {
      caseSensitive: () => true,
      isNull: () => (value === null) === given,
      eq: () => equals(wanted),
      ne: () => !equals(wanted),
      in: () => (given as unknown[]).some(equals),
      notIn: () => !(given as unknown[]).some(equals),
      contains: () => fits(escape(wanted)),
      startsWith: () => fits(`^${escape(wanted)}`),
      endsWith: () => fits(`${escape(wanted)}$`),
      like: () => fits(`^${escape(wanted).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`),
    }[operator]
    if (holds === undefined) throw new Error(`The reference knows no operator ${operator}`)
    if (!holds()) return false
  }
  return true
}

const passesWord = (value: string | boolean | null, input: Thing): boolean => {
  for (const [operator, given] of Object.entries(input)) {
    if (operator === 'isNull' && (value === null) !== given) return false
    if (operator === 'eq' && (value === null || value !== given)) return false
    if (operator === 'ne' && value !== null && value === given) return false
    if (operator === 'in' && !(given as unknown[]).includes(value)) return false
    if (operator === 'notIn' && value !== null && (given as unknown[]).includes(value)) return false
  }
  return true
}

/** The durations that tests use, in seconds. */
export const durations: Readonly<Record<string, number>> = {
  P7D: 7 * 86_400,
  PT1H: 3_600,
  P2W: 14 * 86_400,
  P1DT12H: 36 * 3_600,
  'PT0.5S': 0.5,
  PT0S: 0,
}

const passesMoment = (now: number, value: number | null, input: Thing): boolean => {
  for (const [operator, given] of Object.entries(input)) {
    const wanted = given as number
    if (operator === 'isNull' && (value === null) !== given) return false
    if (operator === 'isNull') continue
    if (operator === 'ne') {
      if (value === wanted) return false
      continue
    }
    if (value === null) return false
    if (operator === 'eq' && !(value === wanted)) return false
    if (operator === 'gt' && !(value > wanted)) return false
    if (operator === 'gte' && !(value >= wanted)) return false
    if (operator === 'lt' && !(value < wanted)) return false
    if (operator === 'lte' && !(value <= wanted)) return false
    const length = durations[given as string] ?? NaN
    if (operator === 'within' && !(value >= now - length)) return false
    if (operator === 'olderThan' && !(value < now - length)) return false
  }
  return true
}

const passesElements = (
  values: readonly string[] | null,
  input: Thing,
  test: (value: string, input: Thing) => boolean,
): boolean => {
  for (const [operator, given] of Object.entries(input)) {
    if (operator === 'isNull') {
      if ((values === null) !== given) return false
      continue
    }
    if (values === null) return false
    const passing =
      operator === 'isEmpty' ? 0 : values.filter(of => test(of, given as Thing)).length
    if (operator === 'any' && passing === 0) return false
    if (operator === 'all' && passing !== values.length) return false
    if (operator === 'none' && passing !== 0) return false
    if (operator === 'isEmpty' && (values.length === 0) !== given) return false
  }
  return true
}
