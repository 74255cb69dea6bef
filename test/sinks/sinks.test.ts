import { expect, test } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import { createSinks } from '../../src/sinks/sinks.ts'
import { directoryForTest } from '../support/directory.ts'
import { sinkSettings, sinkStores } from '../support/sinks/sink-store.ts'

test('where settings change, a sink whose own are the same goes on, and others are put in place', async () => {
  const folder = directoryForTest()
  const store = await sinkStores['SQLite']?.(folder)
  if (store === undefined) throw new Error('There is no SQLite')
  const { claims, events } = await store.claims()
  const opened: string[] = []
  const named = (name: string, settingsId: string) =>
    sinkSettings({ name, settingsId, receiver: () => ({ kind: 'file', path: name + settingsId }) })
  const sinks = createSinks([named('siem', '1'), named('lake', '1'), named('old', '1')], {
    ...{ lists: events, places: events, claims, clock: systemClock, directory: folder },
    aliases: () => ['acme'],
    isCertain: () => Promise.resolve(true),
    open: receiver => {
      opened.push(receiver.kind === 'file' ? receiver.path : '')
      return { send: () => Promise.resolve(), close: () => Promise.resolve() }
    },
    inTurnOf: () => async step => step(),
    say: () => undefined,
    onProblem: () => undefined,
  })
  sinks.begin()
  expect(opened).toEqual(['siem1', 'lake1', 'old1'])
  const changes = sinks.replace([named('siem', '1'), named('lake', '2'), named('soar', '1')])
  expect(changes).toEqual({ newSinks: ['soar'], goneSinks: ['old'], otherSinks: ['lake'] })
  await expect.poll(() => opened.length, { interval: 5 }).toBe(5)
  expect(opened.slice(3).toSorted()).toEqual(['lake2', 'soar1'])
  expect(
    sinks
      .standings()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['lake', 'siem', 'soar'])
  await sinks.close(0)
  await store.close()
})
