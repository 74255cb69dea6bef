/**
 * What the graph must answer, worked out as plainly as it can be and sharing nothing with src/query, src/store or
 * src/filter: Push's objects as rows, the rows that a list has and their order, and the groups that they fall into.
 */
import type { PushData, PushDetectionEvent } from '../../src/demo/stand-in.ts'
import { collections } from '../../src/model/collections.ts'
import { type TimeBucket, dimensions, upperSnake } from '../../src/model/dimensions.ts'
import { relations } from '../../src/model/relations.ts'
import type { CollectionName, DetectionEvent, Row } from '../../src/model/rows.ts'
import {
  compareNumbers,
  type Dataset,
  referencePasses,
  type ReferenceWorld,
  relatedRows,
} from './reference-filter.ts'

export interface OrderKey {
  readonly field: string
  readonly direction?: 'ASC' | 'DESC'
}

/** What is asked of a list, as GraphQL coerces it. */
export interface Asked {
  readonly filter?: object | undefined
  readonly orderBy?: readonly OrderKey[] | undefined
}

/** Push's objects as rows: whatever is absent is null. */
export const toDataset = (data: PushData): Dataset => ({
  employees: data.employees.map(of => ({
    id: of.id,
    email: of.email,
    firstName: of.firstName,
    lastName: of.lastName,
    department: of.department,
    location: of.location,
    licensed: of.licensed,
    chatopsEnabled: of.chatopsEnabled,
    groups: of.groups ?? null,
    createdAt: of.creationTimestamp,
  })),
  accounts: data.accounts.map(of => ({
    id: of.id,
    employeeId: of.employeeId,
    appType: of.appType,
    appId: of.appId,
    email: of.email,
    mfaRegistered: of.mfaRegistered,
    mfaMethods: of.mfaMethods,
    passwordId: of.passwordId,
    passwordLogin: of.loginMethods.passwordLogin,
    lastPasswordLoginAt: of.loginMethods.lastPasswordLoginTimestamp ?? null,
    oidcLogin: of.loginMethods.oidcLogin,
    samlLogin: of.loginMethods.samlLogin,
    oktaSwaLogin: of.loginMethods.oktaSwaLogin,
    vendorSsoLogin: of.loginMethods.vendorSsoLogin ?? null,
    fedCmLogin: of.loginMethods.fedCmLogin ?? null,
    createdAt: of.creationTimestamp,
    lastUsedAt: of.lastUsedTimestamp,
  })),
  apps: data.apps.map(of => ({
    id: of.id,
    type: of.type,
    approvalStatus: of.approvalStatus,
    sensitivityLevel: of.sensitivityLevel,
    ownerId: of.ownerId,
    notes: of.notes,
    website: of.website ?? null,
    description: of.description ?? null,
    friendlyName: of.friendlyName ?? null,
    labels: of.labels ?? null,
    createdAt: of.creationTimestamp,
  })),
  browsers: data.browsers.map(of => ({
    id: of.id,
    employeeId: of.employeeId,
    email: of.email,
    version: of.version,
    tokenType: of.tokenType,
    isActive: of.isActive,
    browser: of.browser,
    os: of.os,
    extensionVersion: of.extensionVersion,
    profileEmail: of.profileEmail ?? null,
    profileSyncEnabled: of.profileSyncEnabled ?? null,
    language: of.language ?? null,
    createdAt: of.creationTimestamp,
    lastOnlineAt: of.lastOnlineTimestamp,
  })),
  browserExtensions: data.browserExtensions.map(of => ({
    id: of.id,
    extensionId: of.extensionId,
    employeeId: of.employeeId,
    browserId: of.browserId,
    name: of.name,
    description: of.description,
    deploymentMode: of.deploymentMode ?? null,
    permissions: of.permissions ?? null,
    hostPermissions: of.hostPermissions ?? null,
    enabled: of.enabled ?? null,
  })),
  findings: data.findings.map(of => ({
    id: of.id,
    type: of.type,
    state: of.state,
    employeeId: of.employeeId,
    passwordId: of.passwordId,
    accountId: of.accountId,
    appType: of.appType,
    appId: of.appId,
    weakPasswordReasons: of.weakPasswordReasons ?? null,
    createdAt: of.creationTimestamp,
  })),
  detections: data.detections.map(of => ({
    id: of.id,
    employeeId: of.employeeId,
    browserId: of.browserId,
    severity: of.severity,
    detectionType: of.detectionType,
    response: of.response,
    archived: of.archived,
    classification: of.classification,
    createdAt: of.creationTimestamp,
    lastActivityAt: of.lastActivityTimestamp ?? null,
    detectionLink: of.detectionLink ?? null,
    events: of.events.map(toEvent),
  })),
})

const toEvent = ({ creationTimestamp, ...event }: PushDetectionEvent): DetectionEvent => ({
  ...event,
  createdAt: creationTimestamp,
})

/** The rows of a root list: in the order asked for, else in that in which Push lists them. */
export const referenceList = (
  world: ReferenceWorld,
  name: CollectionName,
  { filter = {}, orderBy = [] }: Asked,
): readonly Row[] => {
  const rows: readonly Row[] = world.data[name]
  const passing = rows.filter(row => referencePasses(world, name, filter, row))
  return orderBy.length === 0 ? passing : passing.toSorted(comparing(world, name, orderBy))
}

/** The rows of a list relation of one row: in the order asked for, else by id. */
export const referenceRelated = (
  world: ReferenceWorld,
  name: CollectionName,
  field: string,
  row: object,
  { filter = {}, orderBy = [] }: Asked,
): readonly Row[] => {
  const to = relations[name].toMany.find(relation => relation.name === field)?.to
  if (to === undefined) throw new Error(`no list ${name}.${field}`)
  const rows = (relatedRows(world.data, name, field, row) ?? []) as readonly Row[]
  return rows
    .filter(of => referencePasses(world, to, filter, of))
    .toSorted(comparing(world, to, orderBy))
}

/** The sort keys of a collection by their name in the graph. */
export const sortKeys = (name: CollectionName): ReadonlyMap<string, string> => {
  const fields: Readonly<Record<string, { readonly kind: string }>> = collections[name].fields
  const single = Object.keys(fields).filter(
    field => !['strings', 'enums', 'objects'].includes(fields[field]?.kind ?? ''),
  )
  return new Map([
    ...[...single, ...(name === 'apps' ? ['name'] : [])].map((field): [string, string] => [
      upperSnake(field),
      field,
    ]),
    ...relations[name].toMany.map(({ name: list }): [string, string] => [
      `${upperSnake(list)}_COUNT`,
      `number of ${list}`,
    ]),
  ])
}

/** Null last whatever the direction, then by id. */
const comparing =
  (world: ReferenceWorld, name: CollectionName, orderBy: readonly OrderKey[]) =>
  (rowA: Row, rowB: Row): number => {
    const keys = sortKeys(name)
    for (const { field, direction = 'ASC' } of orderBy) {
      const key = keys.get(field)
      if (key === undefined) throw new Error(`no sort key ${field}`)
      const [a, b] = [rowA, rowB].map(row => sortValue(world, name, row, key))
      if (a === null && b === null) continue
      if (a === null) return 1
      if (b === null) return -1
      const sign = compareValues(isText(name, key), a, b, key)
      if (sign !== 0) return direction === 'ASC' ? sign : -sign
    }
    return compareTexts(rowA.id, rowB.id)
  }

const sortValue = (world: ReferenceWorld, name: CollectionName, row: Row, key: string): unknown => {
  const list = key.replace('number of ', '')
  return list === key
    ? valueOf(name, row, key)
    : (relatedRows(world.data, name, list, row) ?? []).length
}

const isText = (name: CollectionName, field: string): boolean => {
  const fields: Readonly<Record<string, { readonly kind: string }>> = collections[name].fields
  return (fields[field] ?? { kind: 'string' }).kind === 'string'
}

/** Words that stand above one another, lowest first; what is not among them comes after. */
const ladders: Readonly<Record<string, readonly string[]>> = {
  severity: ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'],
  sensitivityLevel: ['LOW', 'MEDIUM', 'HIGH'],
}

const compareValues = (text: boolean, a: unknown, b: unknown, key: string): number => {
  if (typeof a !== 'string' || typeof b !== 'string') return Number(a) - Number(b)
  if (key === 'version' || key === 'extensionVersion') {
    const [isOne, isOther] = [a, b].map(text => !Number.isNaN(compareNumbers(text, text)))
    if (isOne && isOther) return compareNumbers(a, b)
    if (isOne !== isOther) return isOne ? -1 : 1
  }
  const ladder = ladders[key]
  if (ladder !== undefined && a !== b) {
    const [rungA, rungB] = [a, b].map(word => ladder.indexOf(word)).map(at => (at < 0 ? 99 : at))
    if (rungA !== rungB) return (rungA ?? 0) - (rungB ?? 0)
  }
  return text ? compareTexts(plainFold(a), plainFold(b)) : compareTexts(a, b)
}

/** By code point. */
const compareTexts = (a: string, b: string): number => {
  const [pointsA, pointsB] = [Array.from(a), Array.from(b)]
  for (const [index, letter] of pointsA.entries()) {
    const other = pointsB[index]
    if (other === undefined) return 1
    const difference = (letter.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return pointsA.length - pointsB.length
}

/**
 * Letter by letter the lower case of the upper case, where a regular expression without regard to case takes the two
 * for one. Cherokee apart, that is Unicode's simple case folding.
 */
const plainFold = (text: string): string =>
  Array.from(text.normalize('NFC'), letter => {
    const lower = letter.toUpperCase().toLowerCase()
    const isOne = Array.from(lower).length === 1
    return isOne && new RegExp(`^${RegExp.escape(letter)}$`, 'iu').test(lower) ? lower : letter
  }).join('')

const valueOf = (name: CollectionName, row: object, field: string): unknown => {
  const members = row as Readonly<Record<string, unknown>>
  if (name === 'apps' && field === 'name') return members['friendlyName'] ?? members['type'] ?? null
  return members[field] ?? null
}

export interface GroupCount {
  readonly keys: readonly (string | null)[]
  readonly count: number
}

/** What is asked of groups. */
export interface AskedGroups {
  readonly by: readonly string[]
  readonly having?: Readonly<Record<string, number>> | undefined
  readonly orderBy?: readonly { readonly by: string; readonly direction: string }[] | undefined
  readonly of?: string | undefined
  readonly where?: object | undefined
}

export interface ReferenceGroup extends GroupCount {
  readonly time: string | null
  readonly distinct?: number
  readonly share?: number
}

/** The groups of those rows: most first, then by key, null last; unless `orderBy` says otherwise. */
export const referenceGroups = (
  world: ReferenceWorld,
  name: CollectionName,
  rows: readonly Row[],
  { by, having = {}, orderBy = [], of, where }: AskedGroups,
): readonly ReferenceGroup[] => {
  const groups = new Map<string, Row[]>()
  const buckets = by.map(dimension => /_(HOUR|DAY|WEEK|MONTH)$/.test(dimension))
  for (const row of rows)
    for (const keys of combinations(by.map(dimension => keysOf(world, name, row, dimension)))) {
      const text = JSON.stringify(keys)
      groups.set(text, [...(groups.get(text) ?? []), row])
    }
  const place = buckets.indexOf(true)
  const timeOf = ({ keys }: GroupCount): number =>
    place < 0 || keys[place] === null ? NaN : startOf(keys[place] ?? '')
  const usual = buckets[0] === true ? [{ by: 'TIME', direction: 'ASC' }] : []
  const order = [
    ...(orderBy.length > 0 ? orderBy : usual),
    { by: 'COUNT', direction: 'DESC' },
    { by: 'KEY', direction: 'ASC' },
  ]
  return [...groups]
    .map(([text, members]) => ({
      keys: JSON.parse(text) as (string | null)[],
      count: members.length,
      members,
    }))
    .filter(({ count }) =>
      Object.entries(having).every(([operator, wanted]) => compared(operator, count, wanted)),
    )
    .sort((a, b) => {
      for (const { by: key, direction } of order) {
        const sign = direction === 'ASC' ? 1 : -1
        const [from, to] = [timeOf(a), timeOf(b)]
        const found =
          key === 'COUNT'
            ? sign * (a.count - b.count)
            : key === 'TIME'
              ? Number(Number.isNaN(from)) - Number(Number.isNaN(to)) || sign * (from - to || 0)
              : compareKeys(a.keys, b.keys, sign)
        if (found !== 0) return found
      }
      return 0
    })
    .map(group => ({
      keys: group.keys,
      count: group.count,
      time: Number.isNaN(timeOf(group)) ? null : isoOf(timeOf(group)),
      ...(of === undefined
        ? {}
        : { distinct: new Set(group.members.flatMap(row => valuesIn(world, name, row, of))).size }),
      ...(where === undefined
        ? {}
        : {
            share:
              group.members.filter(row => referencePasses(world, name, where, row)).length /
              group.count,
          }),
    }))
}

const compared = (operator: string, count: number, wanted: number): boolean => {
  const holds: Readonly<Record<string, boolean>> = {
    eq: count === wanted,
    ne: count !== wanted,
    gt: count > wanted,
    gte: count >= wanted,
    lt: count < wanted,
    lte: count <= wanted,
  }
  return holds[operator] === true
}

/** The values of a dimension, null apart. */
const valuesIn = (
  world: ReferenceWorld,
  name: CollectionName,
  row: Row,
  dimension: string,
): readonly string[] => keysOf(world, name, row, dimension).filter(key => key !== null)

const isoOf = (seconds: number): string =>
  new Date(seconds * 1_000).toISOString().replace('.000', '')

/** The second at which the bucket of that name begins. */
const startOf = (bucket: string): number => {
  const [, year, week] = /^(\d{4})-W(\d\d)$/.exec(bucket) ?? []
  if (year === undefined || week === undefined) return Date.parse(bucket) / 1_000
  // The fourth of January is in the first week.
  const fourth = new Date(`${year}-01-04`)
  const monday = fourth.getTime() / 1_000 - ((fourth.getUTCDay() + 6) % 7) * 86_400
  return monday + (Number(week) - 1) * 7 * 86_400
}

/** Every way to take one of each. */
const combinations = (
  lists: readonly (readonly (string | null)[])[],
): readonly (readonly (string | null)[])[] => {
  const [first, ...others] = lists
  if (first === undefined) return [[]]
  return first.flatMap(key => combinations(others).map(rest => [key, ...rest]))
}

const compareKeys = (
  a: readonly (string | null)[],
  b: readonly (string | null)[],
  sign: number,
): number => {
  for (const [index, key] of a.entries()) {
    const other = b[index] ?? null
    if (key === other) continue
    if (key === null) return 1
    if (other === null) return -1
    return sign * compareTexts(key, other)
  }
  return 0
}

const keysOf = (
  world: ReferenceWorld,
  name: CollectionName,
  row: object,
  dimensionName: string,
): readonly (string | null)[] => {
  const dimension = dimensions[name].get(dimensionName)
  if (dimension === undefined) throw new Error(`no dimension ${dimensionName}`)
  if (dimension.kind === 'connector') return [world.connectorAlias]
  const { through, field, bucket } = dimension
  const of = through?.to ?? name
  const rows: readonly Row[] = world.data[of]
  const target =
    through === undefined ? row : rows.find(({ id }) => id === valueOf(name, row, through.idField))
  if (target === undefined) return [null]
  const value = valueOf(of, target, field)
  if (value === null) return [null]
  if (Array.isArray(value))
    return value.length === 0 ? [null] : [...new Set(value as readonly string[])]
  if (bucket !== undefined) return [bucketName(bucket, value as number)]
  return [typeof value === 'string' ? value : JSON.stringify(value)]
}

const bucketName = (bucket: TimeBucket, seconds: number): string => {
  const moment = new Date(seconds * 1_000)
  const iso = moment.toISOString()
  if (bucket === 'HOUR') return `${iso.slice(0, 13)}:00:00Z`
  if (bucket === 'DAY') return iso.slice(0, 10)
  if (bucket === 'MONTH') return iso.slice(0, 7)
  // The Thursday of the same week says which year's week it is, and which one.
  const weekday = (moment.getUTCDay() + 6) % 7
  const thursday = new Date(moment.getTime() + (3 - weekday) * 86_400_000)
  const year = thursday.getUTCFullYear()
  const day = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000)
  return `${year}-W${String(Math.floor(day / 7) + 1).padStart(2, '0')}`
}

/** The same filter as a variable: the moments, its only numbers beside those of objects, as texts. */
export const toVariable = (input: unknown, isNumberOfObjects = false): unknown => {
  if (typeof input === 'number')
    return isNumberOfObjects ? input : new Date(input * 1_000).toISOString()
  if (Array.isArray(input)) return input.map(part => toVariable(part))
  if (typeof input !== 'object' || input === null) return input
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      name === 'count' ? toNumbers(value as object) : toVariable(value),
    ]),
  )
}

const toNumbers = (count: object): unknown =>
  Object.fromEntries(
    Object.entries(count).map(([name, value]) => [name, toVariable(value, name !== 'where')]),
  )
