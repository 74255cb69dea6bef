import * as fc from 'fast-check'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { createEvents, type Events } from '../../../src/events/events.ts'
import type { KnownRead, Told, WholeAnswer } from '../../../src/model/known-rows.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { type Database, openDatabase } from '../../../src/postgres/connecting/database.ts'
import { createHistoryTasks } from '../../../src/postgres/history/history-tasks.ts'
import { createQuestions } from '../../../src/postgres/events/questions.ts'
import { createSharedTasks } from '../../../src/postgres/events/shared-tasks.ts'
import { isNow } from '../../support/notices.ts'
import { createDatabase } from '../../support/postgres.ts'
import { openSharedEvents } from '../../support/shared-events.ts'
import { rowOf } from '../../support/rows.ts'
import { runsOr } from '../../support/runs.ts'

const opened: Database[] = []
afterAll(async () => {
  for (const database of opened) await database.close()
})

const replicaOf = async (url: string) => {
  const database = await openDatabase({ url, clock: systemClock })
  opened.push(database)
  const tasks = createHistoryTasks(database)(createQuestions(database, systemClock))
  return { database, ...tasks }
}

const NOW = 1_800_000_000
const TERMS = { maxBytes: 1e9, now: NOW }

interface Read {
  readonly id: string
  readonly at: number
  readonly department: string
}

const told = ({ id, at, department }: Read, connector: string, table: string): Told => ({
  ...{ kind: 'row', connector, collection: 'employees', table, id, at, learntFrom: 'READ' },
  row: JSON.stringify(rowOf('employees', { id, department, createdAt: 1 })),
})

test('however many replicas tell of it at once, each change is noted once, and follows from the one before', async () => {
  const url = await createDatabase()
  const replicas = await Promise.all([1, 2, 3].map(() => replicaOf(url)))
  const read: fc.Arbitrary<Read> = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    at: fc.integer({ min: 1, max: 30 }),
    department: fc.constantFrom('x', 'y', 'z'),
  })
  const reads = fc.uniqueArray(read, {
    selector: ({ id, at }) => `${id} ${at}`,
    minLength: 1,
    maxLength: 20,
  })
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      reads.map(all => all.sort((one, other) => one.at - other.at)),
      fc.tuple(...replicas.map(() => fc.integer({ min: 1, max: 8 }))),
      async (all, atOnce) => {
        const connector = `run ${(run += 1)}`
        // Each tells all of it in its order, so many in one go.
        const tellAll = async (number: number): Promise<void> => {
          const [table, most] = [`${connector} ${number}`, atOnce[number] ?? 1]
          for (let from = 0; from < all.length; from += most) {
            const some = all.slice(from, from + most)
            await replicas[number]?.write.note(
              some.map(each => told(each, connector, table)),
              TERMS,
            )
          }
        }
        await Promise.all(replicas.map((_, number) => tellAll(number)))
        const changes = (await replicas[0]?.read.changesAfter(0, 1e6))?.filter(
          of => of.connector === connector,
        )
        const places = (changes ?? []).map(of => `${of.objectId} ${of.field} ${of.at}`)
        expect(new Set(places).size).toBe(places.length)
        for (const id of ['a', 'b', 'c']) {
          const chain = (changes ?? []).filter(({ objectId }) => objectId === id)
          for (const [index, { old, at }] of chain.slice(1).entries()) {
            expect(old).toBe(chain[index]?.new)
            expect(at).toBeGreaterThan(chain[index]?.at ?? Infinity)
          }
          const newest = all.findLast(each => each.id === id)
          const row = await replicas[1]?.read.rowThen(connector, 'employees', id, NOW)
          if (newest === undefined) expect(row).toBeUndefined()
          else expect(JSON.parse(row ?? '{}')).toMatchObject({ department: newest.department })
        }
      },
    ),
    { numRuns: runsOr(25) },
  )
})

test('numbers of changes that may have been lost with a server are not given again', async () => {
  const { database, read, write } = await replicaOf(await createDatabase())
  const note = (at: number, department: string) =>
    write.note([told({ id: 'a', at, department }, 'default', 'one')], TERMS)
  await note(1, 'x')
  await note(2, 'y')
  expect(await read.newestChange()).toBe(1)
  // Another server writes: a standby that may not have had the newest commits.
  await database.query('write', "UPDATE history SET timeline = 'another', given = 0")
  await note(3, 'z')
  await note(4, 'x')
  const sequences = (await read.changesAfter(0, 10)).map(({ sequence }) => sequence)
  expect(sequences).toEqual([1, 1_000_000_001, 1_000_000_002])
  expect(await read.changeStanding(2)).toEqual({
    ...{ receivedAt: null, purged: 0, given: 1_000_000_002 },
  })
})

test('what one replica told of a whole list none of the others tells again', async () => {
  const url = await createDatabase()
  const one = await openSharedEvents(url)
  onTestFinished(one.close)
  const { database } = await replicaOf(url)
  const tasks = await createSharedTasks(
    { database, retentionDays: 36_500 },
    createHistoryTasks(database),
  )
  const written: string[] = []
  let known: readonly KnownRead[] = []
  const other = await createEvents(
    {
      ...tasks,
      read: { ...tasks.read, knownReads: async () => (known = await tasks.read.knownReads()) },
      write: {
        ...tasks.write,
        note: (all, terms) => {
          written.push(...all.map(each => (each.kind === 'row' ? each.id : each.kind)))
          return tasks.write.note(all, terms)
        },
      },
    },
    { clock: database.clock, retentionDays: 36_500 },
  )
  onTestFinished(other.close)
  const at = Date.UTC(2024, 0, 1)
  const read = async (events: Events): Promise<WholeAnswer | undefined> => {
    let answer: WholeAnswer | undefined
    for (const id of ['a', 'b'])
      events.note('default', isNow('employees', rowOf('employees', { id, createdAt: 1 }), at))
    events.note('default', {
      ...{ kind: 'whole', collection: 'employees', table: 'test', at, until: at, told: 2 },
      ...{ isRead: true, answered: found => (answer = found) },
    })
    await events.noted()
    return answer
  }
  expect(await read(one.events)).toBe('known')
  await expect.poll(() => known.map(({ collection }) => collection)).toEqual(['employees'])
  expect(await read(other)).toBe('known')
  expect(written).toEqual(['whole'])
})
