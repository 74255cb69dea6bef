/** The query parameters by which lists filter, as one table. */
import type { CollectionName } from '../model/rows.ts'
import type { PushRows } from './tenant/objects.ts'
import type { ParameterMode, Switches } from './switches.ts'
import { hash } from './tenant/random.ts'

type Readings = Pick<Switches, 'bounds' | 'emailCase' | 'parameters' | 'unknownParameters'>
type Test<Row> = (row: Row) => boolean

/** The test that a parameter's values stand for; a text says what is wrong with them. */
type Parameter<Row> = (values: readonly string[], readings: Readings) => Test<Row> | string

type Parameters = {
  readonly [Name in CollectionName]: Readonly<Record<string, Parameter<PushRows[Name]>>>
}

/** What asks for a page, not for rows. */
const paging: ReadonlySet<string> = new Set(['limit', 'nextToken', 'offset'])

/** A test for each parameter that filters, or a sentence for a 400. */
export const readParameters = <Name extends CollectionName>(
  collection: Name,
  query: URLSearchParams,
  readings: Readings,
): readonly Test<PushRows[Name]>[] | string => {
  const tests: Test<PushRows[Name]>[] = []
  for (const name of new Set(query.keys())) {
    if (paging.has(name)) continue
    const parameter = parameters[collection][name]
    if (parameter === undefined) {
      if (readings.unknownParameters === 'refused') return `Unknown parameter: ${name}`
      continue
    }
    const mode = modeOf(readings.parameters, collection, name)
    if (mode === 'refused') return `Unknown parameter: ${name}`
    if (mode === 'ignored') continue
    const test = parameter(query.getAll(name), readings)
    if (typeof test === 'string') return `${name} ${test}`
    tests.push(mode === 'widened' ? row => test(row) || hash(row.id, 8) % 8 === 0 : test)
  }
  return tests
}

const modeOf = (
  modes: Switches['parameters'],
  collection: CollectionName,
  name: string,
): ParameterMode => {
  if (typeof modes === 'string') return modes
  const mode = modes[collection] ?? 'honoured'
  return typeof mode === 'string' ? mode : (mode[name] ?? 'honoured')
}

const one =
  <Row>(read: (value: string, readings: Readings) => Test<Row> | string): Parameter<Row> =>
  ([value, ...others], readings) =>
    value === undefined || others.length > 0 ? 'must be given once' : read(value, readings)

const equal = <Field extends string>(field: Field) =>
  one<Readonly<Partial<Record<Field, unknown>>>>(value => row => row[field] === value)

const flag = <Field extends string>(field: Field) =>
  one<Readonly<Partial<Record<Field, unknown>>>>(value =>
    value === 'true' || value === 'false'
      ? row => row[field] === (value === 'true')
      : 'must be true or false',
  )

const part = <Field extends string>(field: Field) =>
  one<Readonly<Record<Field, string>>>((value, { emailCase }) => {
    if (emailCase === 'minds') return row => row[field].includes(value)
    const folded = value.toLowerCase()
    return row => row[field].toLowerCase().includes(folded)
  })

// By how many seconds a time must be past the bound.
const margins = { exclusive: 1, inclusive: 0, wider: -1, narrower: 2 } as const

const time =
  (direction: 1 | -1) =>
  <Field extends string>(field: Field) =>
    one<Readonly<Partial<Record<Field, number | null>>>>((value, { bounds }) => {
      if (!/^-?\d{1,15}$/.test(value)) return 'must be a UNIX time in seconds'
      const bound = Number(value)
      return row => {
        const seconds = row[field]
        return typeof seconds === 'number' && (seconds - bound) * direction >= margins[bounds]
      }
    })

const after = time(1)
const before = time(-1)

/** Rows whose list has all the words given, be it as repeated parameters or with commas. */
const has =
  <Field extends string>(
    field: Field,
  ): Parameter<Readonly<Partial<Record<Field, readonly string[]>>>> =>
  values => {
    const words = values.flatMap(value => value.split(',')).filter(word => word !== '')
    return row => words.every(word => row[field]?.includes(word) === true)
  }

const created = { creationTimestampAfter: after('creationTimestamp') }

const parameters: Parameters = {
  employees: created,
  accounts: {
    email: part('email'),
    appType: equal('appType'),
    employeeId: equal('employeeId'),
    passwordId: equal('passwordId'),
    lastUsedTimestampAfter: after('lastUsedTimestamp'),
    lastUsedTimestampBefore: before('lastUsedTimestamp'),
  },
  apps: created,
  browsers: { lastOnlineTimestampAfter: after('lastOnlineTimestamp') },
  browserExtensions: {
    extensionId: equal('extensionId'),
    employeeId: equal('employeeId'),
    browserId: equal('browserId'),
    deploymentMode: equal('deploymentMode'),
    permissions: has('permissions'),
    hostPermissions: has('hostPermissions'),
    enabled: flag('enabled'),
  },
  findings: created,
  detections: {
    ...created,
    severity: equal('severity'),
    archived: flag('archived'),
    detectionType: equal('detectionType'),
  },
}
