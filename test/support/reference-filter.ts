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
  return target !== undefined && passes(world, to, input, target as unknown as Thing)
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
