import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compactFrom, target, versions } from '../../../schema/ocsf/compact.ts'
import { facts, ocsfVersions } from '../../../src/ocsf/fitting/facts.ts'

const compiled = fileURLToPath(new URL('../../../../shared/ocsf/compiled', import.meta.url))
const isThere = existsSync(compiled)
if (!isThere)
  console.info(
    'The compiled OCSF schemas are not beside the project: the facts are taken as they are.',
  )

describe('the facts of the versions', () => {
  test.runIf(isThere).each(versions)('are what the compiled schema of %s gives', async version => {
    expect(readFileSync(target(version), 'utf8')).toBe(await compactFrom(compiled, version))
  })

  test('are there for every version that is offered, and for no other', () => {
    expect([...ocsfVersions].sort()).toEqual([...versions])
    for (const version of ocsfVersions) expect(facts[version].version).toBe(version)
  })

  test('name their source and its licence', () => {
    for (const version of versions)
      expect(readFileSync(target(version), 'utf8')).toContain(
        'github.com/ocsf/ocsf-schema (Apache-2.0)',
      )
  })

  test('are read right', () => {
    const { classes, objects, types } = facts['1.3.0']
    const detection = classes.get('detection_finding')
    expect(detection).toMatchObject({
      uid: 2004,
      caption: 'Detection Finding',
      category: { uid: 2, caption: 'Findings' },
    })
    expect(detection?.attributes.get('action_id')).toEqual({
      type: 'integer_t',
      isObject: false,
      isArray: false,
      required: true,
      profiles: ['security_control'],
      enum: {
        sibling: 'action',
        captions: new Map([
          [0, 'Unknown'],
          [1, 'Allowed'],
          [2, 'Denied'],
          [99, 'Other'],
        ]),
      },
      observable: undefined,
    })
    expect(detection?.attributes.get('evidences')).toMatchObject({ isObject: true, isArray: true })
    expect(objects.get('user')?.constraints).toEqual([
      { rule: 'at_least_one', of: ['account', 'name', 'uid'] },
    ])
    expect(objects.get('user')?.attributes.get('name')?.observable).toBe(4)
    expect(types.get('string_t')?.length).toBe(65_535)
    expect(types.get('email_t')?.pattern?.test('a@b.c')).toBe(true)
    expect(classes.has('cloud_resources_inventory_info')).toBe(false)
  })
})
