import type { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openEventFile } from '../../src/events/event-file.ts'
import { createWriting } from '../../src/events/writing.ts'
import type { NewEvent } from '../../src/model/events.ts'
import { delivery, eventOf } from '../support/deliveries.ts'

const event = (id: string, receivedAt = 1_000): NewEvent =>
  eventOf(delivery({ id }), { receivedAt, occurredAt: receivedAt })

const fileForTest = (): DatabaseSync => {
  const file = openEventFile(':memory:')
  onTestFinished(() => {
    file.close()
  })
  return file
}

/** Events, bodies, and bodies of no event. */
const countsIn = (file: DatabaseSync): number[] =>
  [
    'SELECT count(*) AS n FROM event',
    'SELECT count(*) AS n FROM event_body',
    'SELECT count(*) AS n FROM event_body WHERE sequence NOT IN (SELECT sequence FROM event)',
  ].map(sql => Number(file.prepare(sql).get()?.['n']))

describe('writing', () => {
  it('stores all of what comes together or none, and goes on after a failure', () => {
    const file = fileForTest()
    const writing = createWriting(file)
    const broken = { ...event('b'), id: null as unknown as string }
    expect(() => writing.append([event('a'), broken, event('c')])).toThrow('NOT NULL')
    expect(countsIn(file)).toEqual([0, 0, 0])
    expect(writing.append([event('a'), event('a'), event('c')])).toEqual([
      expect.any(Number),
      null,
      expect.any(Number),
    ])
    expect(countsIn(file)).toEqual([2, 2, 0])
  })

  it('keeps no body of an event that has gone, and deletes the oldest first', () => {
    const file = fileForTest()
    const writing = createWriting(file)
    writing.append([3, 1, 5, 2, 4].map(at => event(`at ${at}`, at)))
    expect(writing.purge(5, 3)).toBe(3)
    expect(countsIn(file)).toEqual([2, 2, 0])
    const left = file.prepare('SELECT id FROM event ORDER BY received_at').all()
    expect(left.map(({ id }) => id)).toEqual(['at 4', 'at 5'])
    // What arrived at that very moment stays, and what happened then.
    writing.append([{ ...event('later', 4), occurredAt: 5 }])
    expect([writing.purge(5, 3), writing.purge(5, 3)]).toEqual([1, 0])
  })
})
