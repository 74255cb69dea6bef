/** Every event is one of its version: by our own check, and by OCSF's validator where it lies beside the project. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { collectionNames } from '../../src/model/collections.ts'
import { ocsfVersions } from '../../src/ocsf/ocsf.ts'
import { createCheck } from '../support/ocsf/check-event.ts'
import {
  anyRow,
  type AnyRows,
  awkward,
  demoRows,
  objectNames,
  project,
} from '../support/ocsf/objects.ts'
import { hasValidator, validate } from '../support/ocsf/validator.ts'

const json = (event: object): Readonly<Record<string, unknown>> =>
  JSON.parse(JSON.stringify(event)) as Readonly<Record<string, unknown>>

let demo: AnyRows
beforeAll(() => {
  demo = demoRows(1)
})

describe.each(ocsfVersions)('OCSF %s', version => {
  const check = createCheck(version)

  test('has room for every object of the demo tenant', () => {
    const events = collectionNames.flatMap(name =>
      demo[name].map(row => project(name, row, version).json()),
    )
    expect(events.length).toBeGreaterThan(20_000)
    const problems = events.flatMap(event => check(event).map(problem => [problem, event]))
    expect(problems.slice(0, 5)).toEqual([])
    if (hasValidator) expect(validate(version, events)).toBe('')
  })

  test('has room for the most awkward objects', () => {
    const events = awkward.map(({ name, row }) => json(project(name, row, version).json()))
    const problems = events.flatMap((event, index) =>
      check(event).map(problem => `${awkward[index]?.name} ${awkward[index]?.what}: ${problem}`),
    )
    expect(problems).toEqual([])
    if (hasValidator) expect(validate(version, events)).toBe('')
  })

  test.each(objectNames)('has room for any object: %s', name => {
    fc.assert(
      fc.property(anyRow(name), row => {
        expect(check(json(project(name, row, version).json()))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

test('the check sees what is wrong', () => {
  const check = createCheck('1.8.0')
  const good = json(project('detections', demo.detections[0] ?? never(), '1.8.0').json())
  expect(check(good)).toEqual([])
  const { finding_info: _, ...without } = good
  const wrong: [object, string][] = [
    [without, 'finding_info: required'],
    [{ ...good, severity_id: 98 }, 'severity_id: 98 is no value'],
    [{ ...good, severity: 'Tiny' }, 'is called Tiny'],
    [{ ...good, type_uid: 1 }, 'type_uid: not'],
    [{ ...good, nonsense: 1 }, 'nonsense: no attribute'],
    [{ ...good, actor: {} }, 'actor: at_least_one'],
    [{ ...good, time: 1_700_000_000 }, 'time: seconds'],
    [{ ...good, metadata: { ...(good['metadata'] as object), profiles: [] } }, 'without profile'],
    [{ ...good, device: { uid: 'x' } }, 'device.type_id: required'],
    [{ ...good, observables: [{ name: 'time', type_id: 1, value: '0' }] }, 'time differs'],
  ]
  for (const [event, problem] of wrong) expect(check(json(event)).join('\n')).toContain(problem)
})

const never = (): never => {
  throw new Error('The demo tenant has none')
}
