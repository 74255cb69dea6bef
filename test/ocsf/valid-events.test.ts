/** Every event is one of its version: by our own check, by JSON Schema, and by OCSF's validator where it lies beside the project. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { collectionNames } from '../../src/model/collections.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import { fieldOf } from '../../src/model/values.ts'
import { joinedLinks } from '../../src/ocsf/links.ts'
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
import { createSchemaCheck } from '../support/ocsf/json-schema.ts'
import { runsOr } from '../support/runs.ts'
import {
  hasOfficial,
  hasValidator,
  official,
  validate,
  validateLeniently,
} from '../support/ocsf/validator.ts'

const json = (event: object): Readonly<Record<string, unknown>> =>
  JSON.parse(JSON.stringify(event)) as Readonly<Record<string, unknown>>

let demo: AnyRows
beforeAll(() => {
  demo = demoRows(1)
})

describe.each(ocsfVersions)('OCSF %s', version => {
  const ours = createCheck(version)
  const bySchema = createSchemaCheck(version)
  const check = (event: Readonly<Record<string, unknown>>): readonly string[] => [
    ...ours(event),
    ...bySchema(json(event)),
  ]

  test('has room for every object of the demo tenant', () => {
    const byId = new Map(
      collectionNames.map(name => [name, new Map(demo[name].map(row => [row.id, row]))]),
    )
    const around = (name: CollectionName, row: object): { readonly links?: object } => {
      const links = joinedLinks
        .get(name)
        ?.map(({ name: link, idField, to }) => [
          link,
          byId.get(to)?.get(fieldOf(row, idField) as string),
        ])
      return links === undefined ? {} : { links: Object.fromEntries(links) as object }
    }
    const events = collectionNames.flatMap(name =>
      demo[name].map(row => project(name, row, version, around(name, row)).json()),
    )
    expect(events.length).toBeGreaterThan(20_000)
    const problems = events.flatMap((event, index) =>
      // The schema takes its time, and objects of one kind are much alike.
      (index % 20 === 0 ? check(event) : ours(event)).map(problem => [problem, event]),
    )
    expect(problems.slice(0, 5)).toEqual([])
    const some = events.filter((_, index) => index % 4 === 0)
    if (hasValidator) expect(validate(version, some)).toBe('')
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
      { numRuns: runsOr(100) },
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
  const bySchema = createSchemaCheck('1.8.0')
  expect(bySchema(good)).toEqual([])
  for (const [event, problem] of wrong) {
    expect(check(json(event)).join('\n')).toContain(problem)
    // Where an observable stands is beyond a schema.
    if (problem !== 'time differs') expect(bySchema(json(event)), problem).not.toEqual([])
  }
})

test.runIf(hasOfficial)(
  'the validator finds in the official sample what the official server finds',
  () => {
    const { sample, answer } = official()
    const found = validateLeniently('1.9.0', sample).errors
    // The same errors under names of its own.
    const names: Readonly<Record<string, string>> = {
      attribute_unknown: 'attribute_needs_profile',
      observable_name_invalid_reference: 'observable_path',
    }
    const expected = answer.errors.map(
      ({ error, attribute_path: path }) => `${names[error] ?? error} ${path}`,
    )
    expect(expected.length).toBeGreaterThan(40)
    expect([...found].sort()).toEqual(expected.sort())
  },
)

const never = (): never => {
  throw new Error('The demo tenant has none')
}
