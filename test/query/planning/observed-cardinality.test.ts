import { describe, expect, test } from 'vitest'
import { everything, type Filter } from '../../../src/filter/filter.ts'
import { readFilter } from '../../../src/filter/read-filter.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import type { Demand } from '../../../src/query/planning/step.ts'
import type { Need } from '../../../src/query/planning/need.ts'
import { createMemory } from '../../../src/query/planning/observed-cardinality.ts'
import { Observations } from '../../../src/query/operation/observations.ts'
import { type PointReads } from '../../../src/query/operation/observations.ts'
import type { ConnectorStore } from '../../../src/store/store.ts'

const NOW = Date.UTC(2026, 0, 1) / 1_000

const ofDepartment = (department: string): Filter =>
  readFilter('employees', { department: { eq: department } }, { now: () => NOW * 1_000 })

const needs: readonly Need[] = [
  { kind: 'list', path: 'findings', collection: 'findings', first: 50, whole: false, then: [] },
]

/** The memory of a connector, kept across its operations. */
const connectorOf = (alias: string) => {
  const seen = new Map<string, number>()
  const store = {
    alias,
    observed: (question: string) => seen.get(question),
    observe: (question: string, objects: number) => {
      seen.set(question, objects)
    },
  } as unknown as ConnectorStore
  const begin = (first = 50) =>
    createMemory(
      store,
      needs.map(need => ({ ...need, first })),
      (collection, input) => readFilter(collection, input, { now: () => NOW * 1_000 }),
      NOW,
    )
  return { seen, begin }
}

const demandOf = (
  pointReads: readonly PointReads[],
  scanned: readonly CollectionName[] = [],
): Demand =>
  ({
    pointReads: pointReads.map(what => ({ what, of: what.split(' ').at(-1) })),
    scan: new Set(scanned),
  }) as unknown as Demand

describe('rows that passed a filter', () => {
  test('are remembered of the connector that they came from alone', () => {
    const [one, other] = [connectorOf('one'), connectorOf('other')]
    const observations = new Observations()
    observations.observedRows('one', 'employees', ofDepartment('Legal'), 7)
    for (const { begin } of [one, other]) begin().keep(observations, demandOf([]), true)
    expect(one.begin().passing('employees', ofDepartment('Legal'))).toBe(7)
    expect(other.begin().passing('employees', ofDepartment('Legal'))).toBeUndefined()
    expect(one.begin().passing('accounts', ofDepartment('Legal'))).toBeUndefined()
  })

  test('count for the same value before they count for another', () => {
    const { begin } = connectorOf('one')
    for (const [department, rows] of [
      ['Legal', 7],
      ['Sales', 90],
    ] as const) {
      const observations = new Observations()
      observations.observedRows('one', 'employees', ofDepartment(department), rows)
      begin().keep(observations, demandOf([]), true)
    }
    const memory = begin()
    expect(
      ['Legal', 'Sales', 'Finance'].map(name => memory.passing('employees', ofDepartment(name))),
    ).toEqual([7, 90, 90])
  })

  test('are not worth remembering where every row passes, nor of the fifty-first list', () => {
    const observations = new Observations()
    observations.observedRows('one', 'employees', everything, 1_000)
    expect(observations.rowsByFilter).toEqual([])
    for (let n = 0; n < 60; n += 1)
      observations.observedRows('one', 'employees', ofDepartment(`department ${n}`), n)
    expect(observations.rowsByFilter.map(({ rows }) => rows)).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    )
  })
})

describe('single reads that were observed', () => {
  const pointReads: readonly PointReads[] = ['byId accounts', 'details detections']
  const observed = () => {
    const observations = new Observations()
    observations.observedReads('one', 'byId accounts', 3)
    observations.observedReads('one', 'byId accounts', 4)
    observations.observedReads('other', 'byId accounts', 100)
    observations.observedReads('one', 'details detections', 5)
    return observations
  }

  test('are added up, by connector and kind', () => {
    const { begin } = connectorOf('one')
    begin().keep(observed(), demandOf(pointReads), true)
    expect(pointReads.map(what => begin().observedReads(what))).toEqual([7, 5])
    expect(begin().observedReads('byId apps')).toBeUndefined()
    expect(begin(49).observedReads('byId accounts')).toBeUndefined()
  })

  test('tell nothing where rows were at hand', () => {
    const { seen, begin } = connectorOf('one')
    begin().keep(observed(), demandOf(pointReads), false)
    expect(seen.size).toBe(0)
  })

  test('tell nothing where a scan brought them, which never brings details', () => {
    const { begin } = connectorOf('one')
    begin().keep(observed(), demandOf(pointReads, ['accounts', 'detections']), true)
    expect(pointReads.map(what => begin().observedReads(what))).toEqual([undefined, 5])
  })
})
