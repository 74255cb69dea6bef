/** What holds for every projection, whatever it is given. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectionEventFields } from '../../../src/model/detection-events.ts'
import type { Field } from '../../../src/model/collection.ts'
import { enums } from '../../../src/model/enums.ts'
import type { Rows } from '../../../src/model/rows.ts'
import { fieldsOf, type ListRows } from '../../../src/model/stored.ts'
import { newest } from '../../../src/ocsf/fitting/facts.ts'
import { type ObjectName, type OcsfObject, ocsfVersions } from '../../../src/ocsf/ocsf.ts'
import { detectionEvent, rowOf } from '../../support/rows.ts'
import { anyRow, awkward, objectNames, project, READ_AT } from '../../support/ocsf/objects.ts'

const older = ocsfVersions.filter(version => version !== newest)

describe.each(objectNames)('the projection of %s', name => {
  const rows = anyRow(name)

  test.each(older)('loses nothing on the way down to %s', version => {
    fc.assert(
      fc.property(rows, row => {
        const [full, fitted] = [newest, version].map(to => project(name, row, to).json())
        // Another class says the same in other places; that nothing is missing there is tested below.
        if (full?.['class_uid'] !== fitted?.['class_uid']) return
        expect(missing(full ?? {}, fitted ?? {})).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('gives the same event for the same object', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...ocsfVersions), (row, version) => {
        const [first, second] = [row, structuredClone(row)].map(of =>
          JSON.stringify(project(name, of, version).json()),
        )
        expect(first).toBe(second)
      }),
      { numRuns: 100 },
    )
  })

  test('changes nothing in the object', () => {
    fc.assert(
      fc.property(rows, row => {
        const before = JSON.stringify(row)
        project(name, deepFreeze(row), newest).json()
        expect(JSON.stringify(row)).toBe(before)
      }),
      { numRuns: 50 },
    )
  })

  test('has every attribute alone as in the whole event', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...ocsfVersions), (row, version) => {
        const whole = project(name, row, version).json()
        const alone = project(name, row, version)
        for (const attribute of [...Object.keys(whole), 'nonsense', 'verdict', 'resources'])
          expect(alone.get(attribute)).toEqual(whole[attribute])
      }),
      { numRuns: 100 },
    )
  })

  test('has type_uid = class_uid * 100 + activity_id, and its times in milliseconds', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...ocsfVersions), (row, version) => {
        const event = project(name, row, version).json()
        expect(event['type_uid']).toBe(
          (event['class_uid'] as number) * 100 + (event['activity_id'] as number),
        )
        const hasOwnTime = name === 'findings' || name === 'detections'
        expect(event['time']).toBe(
          hasOwnTime ? (row as Rows['findings']).createdAt * 1000 : READ_AT,
        )
        for (const [path, value] of leaves(event))
          if (/_time$/.test(path) && !/original_time$/.test(path))
            // 2001 to 2033, as the rows have them.
            expect(value).toSatisfy((ms: number) => ms >= 1e12 && ms <= 2e12 && ms % 1000 === 0)
      }),
      { numRuns: 100 },
    )
  })

  test.each(ocsfVersions)('shows every field of the object somewhere in %s', version => {
    const full = fullRow(name)
    const told = (row: ListRows[ObjectName]): string =>
      JSON.stringify(withoutId(project(name, row, version).json()))
    for (const [field, of] of Object.entries(fieldsOf(name)))
      for (const other of othersFor(of, full[field]))
        expect(`${field}: ${told({ ...full, [field]: other } as never)}`).not.toBe(
          `${field}: ${told(full as never)}`,
        )
  })
})

test('every field of a detection’s events is shown too', () => {
  const [full] = fullRow('detections')['events'] as readonly Record<string, unknown>[]
  if (full === undefined) throw new Error('no event')
  const told = (of: object): string =>
    JSON.stringify(
      withoutId(
        project('detections', rowOf('detections', { events: [of as never] }), '1.1.0').json(),
      ),
    )
  for (const [field, of] of Object.entries(detectionEventFields as Fields))
    for (const other of othersFor(of, full[field]))
      expect(`${field}: ${told({ ...full, [field]: other })}`).not.toBe(`${field}: ${told(full)}`)
})

test('the id of an event tells apart versions of its class, states and times, and nothing else', () => {
  const uid = (...args: Parameters<typeof project>): unknown =>
    (project(...args).get('metadata') as OcsfObject)['uid']
  const row = rowOf('findings')
  expect(uid('findings', row, '1.8.0')).toMatch(
    /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-/,
  )
  expect(uid('findings', row, '1.1.0')).toBe(uid('findings', row, '1.8.0'))
  expect(uid('findings', { ...row, appType: 'X' }, '1.8.0')).toBe(uid('findings', row, '1.8.0'))
  expect(uid('findings', { ...row, state: 'RESOLVED' }, '1.8.0')).not.toBe(
    uid('findings', row, '1.8.0'),
  )
  expect(uid('apps', rowOf('apps'), '1.3.0')).not.toBe(uid('apps', rowOf('apps'), '1.8.0'))
})

test('the tenant stands in the metadata where it has a name', () => {
  const of = (tenant?: string): unknown =>
    (
      project('apps', rowOf('apps'), '1.8.0', tenant === undefined ? {} : { tenant }).get(
        'metadata',
      ) as OcsfObject
    )['tenant_uid']
  expect(of('emea')).toBe('emea')
  expect(of()).toBeUndefined()
})

test('what is known around a finding or a detection is told', () => {
  const account = rowOf('accounts', { id: 'a', email: 'ann@example.com' })
  const app = rowOf('apps', { id: 'b', friendlyName: 'Slack' })
  const row = rowOf('findings', { accountId: 'a', appId: 'b', appType: 'SLACK' })
  const [known, unknown] = [{ account, app }, { account: null }].map(links =>
    JSON.stringify(project('findings', row, newest, { links }).get('resources')),
  )
  expect(known).toContain('"email_addr":"ann@example.com"')
  expect(known).toContain('"name":"Slack"')
  expect(unknown).toContain('"name":"SLACK"')

  const employee = rowOf('employees', { id: 'e', email: 'ann@example.com' })
  const detection = rowOf('detections', { employeeId: 'e' })
  expect(project('detections', detection, newest, { links: { employee } }).get('actor')).toEqual({
    user: {
      uid: 'e',
      name: 'ann@example.com',
      email_addr: 'ann@example.com',
      full_name: 'Ann Lee',
      type_id: 1,
      type: 'User',
    },
  })
})

test('only what is asked for is built', () => {
  const touched = new Set<string>()
  const row = new Proxy(rowOf('accounts'), {
    get: (target, field: string) => {
      touched.add(field)
      return target[field as keyof typeof target]
    },
  })
  const event = project('accounts', row, newest)
  expect([...touched]).toEqual([])
  event.get('class_uid')
  event.get('time')
  event.get('severity')
  expect([...touched]).toEqual([])
  event.get('user')
  expect(touched).toContain('mfaRegistered')
  expect(touched).not.toContain('mfaMethods')
  expect(touched).not.toContain('oidcLogin')
})

test('words that a table lacks are told as they came', () => {
  const of = (word: string): OcsfObject =>
    project('findings', rowOf('findings', { state: word }), newest).json()
  for (const word of ['SNOOZED', 'constructor', '__proto__', 'toString'])
    expect(of(word)).toMatchObject({
      activity_id: 99,
      activity_name: word,
      type_name: 'Compliance Finding: Other',
      status_id: 99,
      status: word,
      compliance: { status_id: 99, status: word },
      unmapped: { state: word },
    })
})

test('an enumeration that a version cut short keeps the caption', () => {
  const row = rowOf('detections', { response: 'EMPLOYEE_WARNED', archived: true })
  expect(project('detections', row, '1.8.0').json()).toMatchObject({
    action_id: 3,
    action: 'Observed',
    status_id: 5,
    status: 'Archived',
  })
  expect(project('detections', row, '1.3.0').json()).toMatchObject({
    action_id: 99,
    action: 'Observed',
    status_id: 99,
    status: 'Archived',
  })
})

test('no event holds a null or a caption of its own making', () => {
  for (const { name, row } of awkward)
    for (const version of ocsfVersions)
      for (const [path, value] of leaves(project(name, row, version).json()))
        if (!path.includes('.data.') && !/^unmapped\.evidences/.test(path))
          expect(`${path}: ${String(value)}`).not.toMatch(/: (null|undefined)$/)
})

type Fields = Readonly<Record<string, Field>>

/** Every leaf with its path, with the indexes of lists. */
function* leaves(value: unknown, path = ''): Generator<[path: string, value: unknown]> {
  if (Array.isArray(value) && value.length > 0)
    for (const [index, element] of value.entries()) yield* leaves(element, `${path}[${index}]`)
  else if (typeof value === 'object' && value !== null && Object.keys(value).length > 0)
    for (const [name, member] of Object.entries(value))
      yield* leaves(member, path === '' ? name : `${path}.${name}`)
  else yield [path, value]
}

/** What of the event differs by version, or follows from the rest. */
const ofTheVersion =
  /^(observables|metadata\.(version|profiles)|(class|category|type)_(uid|name))\b/

/** The leaves of `full` that `fitted` has neither in their place, nor as 99 with the caption, nor in `unmapped`. */
const missing = (full: OcsfObject, fitted: OcsfObject): string[] => {
  const kept = new Map(leaves(fitted))
  const lost = new Map(
    Object.entries((fitted['unmapped'] ?? {}) as OcsfObject).flatMap(([path, value]) => [
      ...leaves(value, path),
    ]),
  )
  // Of several resources one may have moved to an attribute for one.
  const moved = (path: string): string => path.replace(/^resources\[0\]/, 'resource')
  const others = (path: string): string =>
    path.replace(/^resources\[(\d+)\]/, (_, index) => `resources[${Number(index) - 1}]`)
  return [...leaves(full)]
    .filter(([path]) => !ofTheVersion.test(path))
    .filter(([path, value]) => {
      const places = [path, moved(path), others(path)]
      if (places.some(at => isSame(kept.get(at), value) || isSame(lost.get(at), value)))
        return false
      // A value that the version lacks: its caption stands there, and is checked as a leaf of its own.
      return !places.some(at => /_id$/.test(at) && kept.get(at) === 99)
    })
    .map(([path, value]) => `${path}: ${String(value)}`)
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The parts of an event that are not made of the id alone. */
const withoutId = (event: OcsfObject): OcsfObject => {
  const { metadata, ...rest } = event
  const { uid: _, ...others } = metadata as OcsfObject
  return { ...rest, metadata: others }
}

/** A row in which every field has a value. */
const fullRow = (name: ObjectName): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fieldsOf(name)).map(([field, of]) => [field, sample(field, of)]),
  )

const sample = (field: string, { kind, enum: words }: Field): unknown => {
  switch (kind) {
    case 'id':
      return 'an-id'
    case 'string':
      return `${field}@example.com`
    case 'boolean':
      return true
    case 'seconds':
      return 1_700_000_000
    case 'enum':
      return words === undefined ? 'A' : enums[words][0]
    case 'strings':
      return ['a']
    case 'enums':
      return words === undefined ? ['A'] : [enums[words][0]]
    case 'objects':
      return [
        detectionEvent(
          Object.fromEntries(
            Object.entries(detectionEventFields as Fields).map(([field, of]) => [
              field,
              sample(field, of),
            ]),
          ),
        ),
      ]
    default:
      return kind satisfies never
  }
}

/** Other values of a field: another one, and none where it may have none. */
const othersFor = (of: Field, value: unknown): unknown[] => {
  const nothing = of.required ? [] : [null]
  switch (of.kind) {
    case 'boolean':
      return [!(value as boolean), ...nothing]
    case 'seconds':
      return [(value as number) + 60, ...nothing]
    case 'enum':
      return ['SOMETHING_NEW', ...(of.enum === undefined ? [] : [enums[of.enum][1]]), ...nothing]
    case 'strings':
    case 'enums':
      return [[], ['a', 'b'], ...nothing]
    case 'objects':
      return [[], ...nothing]
    default:
      return ['bob@example.com', ...nothing]
  }
}

const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}
