import { beforeAll, describe, expect, test } from 'vitest'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import { ocsfVersions, toOcsfOfRemoved } from '../../../src/ocsf/ocsf.ts'
import { createCheck } from '../../support/ocsf/check-event.ts'
import { createSchemaCheck } from '../../support/ocsf/json-schema.ts'
import { type AnyRows, demoRows, READ_AT } from '../../support/ocsf/objects.ts'

let demo: AnyRows
beforeAll(() => {
  demo = demoRows(1)
})

describe.each(ocsfVersions)('an object that is there no more, in OCSF %s', version => {
  const ours = createCheck(version)
  const bySchema = createSchemaCheck(version)

  test.each(collectionNames)('of %s is an entity that was deleted', name => {
    const project = toOcsfOfRemoved[version]
    for (const row of demo[name].slice(0, 20)) {
      const event = project({ name, row, readAt: READ_AT, tenant: 'acme' }).json()
      const plain = JSON.parse(JSON.stringify(event)) as Readonly<Record<string, unknown>>
      expect([...ours(plain), ...bySchema(plain)]).toEqual([])
      expect(plain).toMatchObject({
        class_uid: 3004,
        activity_id: 4,
        time: READ_AT,
        entity: { uid: row.id, data: { id: row.id } },
        metadata: { tenant_uid: 'acme' },
      })
      expect(JSON.stringify(plain)).toContain(collections[name].type)
    }
  })
})

test('has another id at another time, and the same one whenever it is told again', () => {
  const [row] = demo.accounts
  if (row === undefined) throw new Error('The tenant has no account')
  const uidAt = (readAt: number): unknown =>
    (
      toOcsfOfRemoved['1.8.0']({ name: 'accounts', row, readAt }).json()['metadata'] as {
        uid: string
      }
    ).uid
  expect(uidAt(READ_AT)).toBe(uidAt(READ_AT))
  expect(uidAt(READ_AT)).not.toBe(uidAt(READ_AT + 1))
})
