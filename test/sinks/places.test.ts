import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openEvents } from '../../src/events/events.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { SinkRecord } from '../../src/model/sinks/sink.ts'
import { createSinkDuties } from '../../src/postgres/events/sink-rows.ts'
import { createFileClaims } from '../../src/sinks/file-claims.ts'
import { directoryForTest } from '../support/directory.ts'
import { createDatabase } from '../support/postgres.ts'
import { storedEvent } from '../support/rows.ts'
import { openSharedEvents } from '../support/shared-events.ts'
import { createScriptedReceiver } from '../support/sinks/scripted-sender.ts'
import { sinkSettings, sinkStores, startSinkOn } from '../support/sinks/sink-store.ts'

const record = (sequence: number, given: Partial<SinkRecord> = {}): SinkRecord => ({
  ...{ sink: 'siem', stream: 'events', sequence, behind: { globex: 3 } },
  ...{ sent: sequence, quarantined: 1, lost: 2 },
  ...given,
})

const waitFor = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 60_000, interval: 10 })

describe.each(Object.entries(sinkStores))('over %s', (_, open) => {
  test('a place is kept as it is given, one for each sink and order, and never moves back', async () => {
    const store = await open(directoryForTest())
    const { claims, events } = await store.claims()
    for (const sink of ['siem', 'lake']) await claims.take(sink)
    const move = (of: SinkRecord) => events.moveSink(of, claims.holder)
    const records = [
      record(9, { sink: 'lake', stream: 'changes', behind: {} }),
      record(7, { stream: 'changes' }),
      record(5),
    ]
    for (const each of records) expect(await move(each)).toBe(true)
    expect(await move(record(4))).toBe(false)
    expect(await events.sinkPlaces()).toEqual(records)
    expect(await move(record(5, { behind: {} }))).toBe(true)
    expect(await move(record(6))).toBe(true)
    expect((await events.sinkPlaces()).at(-1)).toEqual(record(6))
    await store.close()
  })
})

test('places outlive the file being closed', async () => {
  const path = join(directoryForTest(), 'events.db')
  const options = { path, retentionDays: 90, clock: systemClock }
  const first = await openEvents(options)
  await first.moveSink(record(5), '')
  await first.close()
  const second = await openEvents(options)
  expect(await second.sinkPlaces()).toEqual([record(5)])
  await second.close()
})

test('of two servers on one data folder one sends, until it leaves', async () => {
  const folder = directoryForTest()
  const [one, other] = [createFileClaims(folder), createFileClaims(folder)]
  expect([await one.take('siem'), await one.take('siem'), await other.take('siem')]).toEqual([
    true,
    true,
    false,
  ])
  expect(await other.take('lake')).toBe(true)
  await one.leave('siem')
  expect(await other.take('siem')).toBe(true)
  await other.leave('siem')
  await other.leave('lake')
})

describe('among replicas', () => {
  const openTwo = async () => {
    const url = await createDatabase()
    const replicas = [await openSharedEvents(url), await openSharedEvents(url)] as const
    onTestFinished(async () => {
      for (const each of replicas) await each.close()
    })
    return replicas
  }

  test('one that stood still while another took the sink over moves its place no more, and sends no more', async () => {
    const [one, other] = await openTwo()
    const [duties, others] = [createSinkDuties(one.database), createSinkDuties(other.database)]
    expect(await duties.take('siem')).toBe(true)
    expect(await others.take('siem')).toBe(false)
    expect(await one.events.moveSink(record(1), duties.holder)).toBe(true)
    await other.database.query('step', 'DELETE FROM duty')
    expect(await others.take('siem')).toBe(true)
    expect(await one.events.moveSink(record(2), duties.holder)).toBe(false)
    expect(await other.events.moveSink(record(3), others.holder)).toBe(true)
    expect(await duties.take('siem')).toBe(false)
    await others.leave('siem')
    expect(await duties.take('siem')).toBe(true)
  })

  test('what was accepted is not sent again where the database forgot whose the sink is', async () => {
    const [one] = await openTwo()
    const receiver = createScriptedReceiver({ next: () => 'take' })
    const forget = () => one.database.query('step', 'DELETE FROM duty')
    const sink = startSinkOn({
      store: { events: one.events, claims: createSinkDuties(one.database) },
      sender: {
        send: async (...sent) => {
          await receiver.sender.send(...sent)
          await forget()
        },
        close: receiver.sender.close,
      },
      folder: directoryForTest(),
      settings: sinkSettings({ ocsf: undefined, send: ['events'], batch: { items: 1, bytes: 1 } }),
    })
    for (const id of ['1', '2', '3'])
      await one.events.append(storedEvent({ id, connector: 'acme' }))
    await waitFor(() => {
      expect(receiver.taken).toEqual(['1', '2', '3'])
    })
    await waitFor(async () => {
      expect(await one.events.sinkPlaces()).toMatchObject([{ sequence: 3, sent: 3 }])
    })
    await sink.close(0)
  })

  test('two that want the same sink never send at once, whoever has it', async () => {
    const [one, other] = await openTwo()
    const receiver = createScriptedReceiver({ next: () => 'take' })
    const start = ({ events, database }: typeof one) =>
      startSinkOn({
        store: { events, claims: createSinkDuties(database) },
        sender: receiver.sender,
        folder: directoryForTest(),
        settings: sinkSettings({ ocsf: undefined, send: ['events'] }),
      })
    const sinks = [start(one), start(other)]
    const wanted = Array.from({ length: 60 }, (_, number) => `e${number}`)
    for (const [index, id] of wanted.entries()) {
      await (index % 2 === 0 ? one : other).events.append(storedEvent({ id, connector: 'acme' }))
      // The one that has it goes, and comes back as another.
      if (index % 20 === 19) {
        const has = sinks.findIndex(sink => sink.standing().state !== 'ELSEWHERE')
        await sinks[has]?.close(1_000)
        sinks[has] = start(has === 0 ? one : other)
      }
    }
    await waitFor(() => {
      expect(receiver.taken).toEqual(wanted)
    })
    expect(receiver.most().atOnce).toBe(1)
    for (const sink of sinks) await sink.close(0)
  })
})
