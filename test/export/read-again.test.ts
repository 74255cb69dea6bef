/** Detections over rounds, which grow while they are listed as they were. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { nothingWritten, openCheckpoint } from '../../src/export/checkpoint.ts'
import { createCollectionPart } from '../../src/export/collection-part.ts'
import { runExport } from '../../src/export/export.ts'
import { linesTo } from '../../src/export/writer.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { Rows } from '../../src/model/rows.ts'
import { linesOf } from '../support/exporting.ts'
import { createFakeSource } from '../support/fake-source.ts'
import { detectionEvent, rowOf } from '../support/rows.ts'

const now = Math.floor(systemClock.now() / 1_000)
const DAY_S = 86_400

/** Detections as their list has them, created then. */
const listed = (...createdAt: number[]): Rows['detections'][] =>
  createdAt.map((at, index) => rowOf('detections', { id: `${index}`, createdAt: at, events: null }))

/** Rounds of these, whose events are so many; null where Push does not answer with one by its id. */
const roundsOf = (rows: Rows['detections'][], events: Map<string, number | null>) => {
  const checkpoint = openCheckpoint(undefined)
  onTestFinished(() => {
    checkpoint.close()
  })
  const terms = { ...nothingWritten, arguments: '', beganAt: 0 }
  checkpoint.begin(terms)
  const asked: string[] = []
  const source = createFakeSource({
    ...{ rows, pageSize: 30, width: 3, offset: 'works' },
    one: id => {
      asked.push(id)
      const row = rows.find(of => of.id === id)
      const count = events.get(id) ?? (events.has(id) ? null : 1)
      if (row === undefined || count === null) return Promise.resolve(null)
      return Promise.resolve({
        ...row,
        events: Array.from({ length: count }, (_, index) => detectionEvent({ id: `${index}` })),
      })
    },
  })
  const toValue = (row: Rows['detections']) => ({ id: row.id, events: row.events?.length })
  const part = createCollectionPart({
    ...{ connector: 'default', name: 'detections', source, width: source.width },
    ...{ range: { since: undefined, until: undefined }, retry: ask => ask(), clock: systemClock },
    ...{ toValue, toState: toValue },
  })
  return async () => {
    asked.length = 0
    let text = ''
    await runExport({
      parts: [part],
      writer: linesTo(
        {
          write: async bytes => void (text += Buffer.from(bytes).toString()),
          finish: async () => undefined,
          close: async () => undefined,
        },
        { format: 'ndjson', nameOf: () => 'detections' },
        checkpoint,
      ),
      signal: new AbortController().signal,
      onRequest: () => undefined,
      onLoss: () => undefined,
      onStand: () => undefined,
    })
    checkpoint.turn(terms)
    return { written: linesOf(text), asked: [...asked] }
  }
}

describe('a detection that is listed as it was', () => {
  test('is written again with what came to it, where it was created lately', async () => {
    const events = new Map<string, number | null>()
    const round = roundsOf(listed(now - 60, now - 2 * DAY_S, now - 120), events)
    expect((await round()).written).toHaveLength(3)
    expect(await round()).toEqual({ written: [], asked: ['0', '2'] })
    for (const id of ['0', '1']) events.set(id, 2)
    // Of an older one nobody hears.
    expect((await round()).written).toEqual([{ id: '0', events: 2 }])
    expect((await round()).written).toEqual([])
  })

  test('is written again with its events once Push answers with it by its id, and never again without', async () => {
    const events = new Map<string, number | null>([['0', null]])
    const round = roundsOf(listed(now - 30 * DAY_S, now - 60), events)
    expect((await round()).written).toEqual([{ id: '0' }, { id: '1', events: 1 }])
    expect(await round()).toEqual({ written: [], asked: ['1', '0'] })
    events.delete('0')
    expect((await round()).written).toEqual([{ id: '0', events: 1 }])
    events.set('1', null)
    expect(await round()).toEqual({ written: [], asked: ['1'] })
    events.delete('1')
    expect((await round()).written).toEqual([])
  })

  test('is read again where it is one of the hundred newest', async () => {
    const moments = Array.from({ length: 450 }, (_, index) => now - ((index * 7) % 450) - 60)
    const round = roundsOf(listed(...moments), new Map())
    expect((await round()).asked).toHaveLength(450)
    const newest = [...moments.entries()].sort(([, a], [, b]) => b - a).slice(0, 100)
    expect(await round()).toEqual({ written: [], asked: newest.map(([id]) => `${id}`) })
  })
})
