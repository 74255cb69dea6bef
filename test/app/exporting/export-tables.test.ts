/** The columns of exports to Parquet have room for all that is exported. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tablesFor } from '../../../src/app/exporting/export-tables.ts'
import { cellsOf } from '../../../src/export/parquet/column-cells.ts'
import { type LakeColumn, lakeColumn } from '../../../src/export/parquet/lake-column.ts'
import { exportTypes } from '../../../src/export/part.ts'
import { toPlain, toPlainStored } from '../../../src/export/plain.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import { payloadOf } from '../../../src/model/events.ts'
import { isStored, type StoredRows } from '../../../src/model/stored.ts'
import { ocsfVersions, toOcsfOfWebhook } from '../../../src/ocsf/ocsf.ts'
import { readDelivery } from '../../../src/webhooks/delivery.ts'
import { LATER, sample, sampleNames } from '../../support/deliveries.ts'
import { samples } from '../../support/ocsf/filled-objects.ts'
import { anyRow, awkward, demoRows, objectNames, project } from '../../support/ocsf/objects.ts'
import { awkward as awkwardPayloads, documented } from '../../support/ocsf/webhook-payloads.ts'

const part = { connector: 'acme corp/ä', type: 'apps' }

/** Paths of members for which there is no column, and of values that have no place in theirs. */
const homeless = (columns: readonly LakeColumn[], value: object): readonly string[] => {
  const lost: string[] = []
  const json = JSON.parse(JSON.stringify(value)) as Record<string, unknown>
  const place = { path: 'event', above: [], lists: 0 }
  cellsOf(lakeColumn('event', columns), place, path => lost.push(path)).add(json, 0, 0)
  const walk = (known: readonly LakeColumn[], of: unknown, path: string): void => {
    for (const each of Array.isArray(of) ? (of as unknown[]) : [of])
      for (const [name, member] of Object.entries(each ?? {})) {
        const found = known.find(one => one.name === name)
        if (found === undefined) lost.push(`${path}${name}`)
        else if (typeof found.of !== 'string') walk(found.of, member, `${path}${name}.`)
      }
  }
  walk(columns, json, '')
  return lost
}

/** Webhook events as they are stored. */
const stored = [
  ...sampleNames.map(name => sample(name)),
  ...[...documented.map(({ payload }) => payload), ...awkwardPayloads].map(payload =>
    Buffer.from(JSON.stringify(payload)),
  ),
].map((body, sequence) => {
  const delivery = readDelivery(body, LATER)
  if (!delivery.ok) throw new Error(delivery.problem)
  return { ...delivery.event, connector: 'acme', receivedAt: 1_700_000_000.5, sequence }
})

describe.each(ocsfVersions)('the tables of OCSF %s', ocsf => {
  const tableOf = tablesFor({ ocsf, changes: undefined })
  const lostOf = (event: object): readonly string[] => homeless(tableOf(part, event).columns, event)

  test('have room for every object, the most awkward ones among them', () => {
    const demo = demoRows(0.05)
    const events = [
      ...collectionNames.flatMap(name =>
        demo[name].map(row => project(name, row, ocsf, { tenant: 'acme' })),
      ),
      ...awkward.map(({ name, row }) => project(name, row, ocsf)),
      ...objectNames.map(name => project(name, samples[name], ocsf)),
    ]
    expect(events.length).toBeGreaterThan(1_000)
    expect(new Set(events.flatMap(event => lostOf(event.json())))).toEqual(new Set())
  })

  test('have room for whatever may be in a row', () => {
    fc.assert(
      fc.property(
        fc.oneof(...objectNames.map(name => anyRow(name).map(row => ({ name, row })))),
        ({ name, row }) => {
          expect(lostOf(project(name, row, ocsf).json())).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })

  test('have room for every kind of webhook event', () => {
    const events = stored.map(row =>
      toOcsfOfWebhook[ocsf]({ row, payload: payloadOf(row), tenant: 'acme' }),
    )
    expect(new Set(events.flatMap(event => lostOf(event.json())))).toEqual(new Set())
    const [event] = events
    expect(tableOf(part, event?.json() ?? {}).folder).toMatch(
      new RegExp(`^[a-z_]+/${ocsf}/connector=acme%20corp%2F%C3%A4/eventDay=\\d{8}$`),
    )
  })

  test('have a partition for what happened at no moment that there is', () => {
    const [event] = demoRows(0.01).employees.map(row => project('employees', row, ocsf).json())
    const folder = tableOf(part, { ...event, time: 9e15 }).folder
    expect(folder).toMatch(/\/eventDay=__HIVE_DEFAULT_PARTITION__$/)
  })
})

test('the tables of plain objects have the members that those have, in their order', () => {
  const tableOf = tablesFor({ ocsf: undefined, changes: undefined })
  for (const type of exportTypes) {
    const { columns, folder } = tableOf({ connector: 'acme', type }, {})
    expect(folder).toBe(`${type}/connector=acme`)
    const rows: readonly object[] =
      type === 'events'
        ? stored.map(row => toPlainStored('acme', 'events', row as StoredRows['events']))
        : isStored(type)
          ? [toPlainStored('acme', type, samples[type])]
          : [toPlain('acme', type, samples[type])]
    for (const row of rows) {
      expect(columns.map(({ name }) => name)).toEqual(Object.keys(row))
      expect(homeless(columns, row)).toEqual([])
    }
  }
})
