import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isMeantBy } from '../../src/events/forgetting/forgetting.ts'
import { systemClock } from '../../src/model/clock.ts'
import {
  forgetInQuarantine,
  quarantineIn,
  quarantineOf,
  quarantinesIn,
} from '../../src/sinks/quarantine.ts'
import { directoryForTest } from '../support/directory.ts'
import { SetupError } from '../../src/sinks/sender.ts'

const item = (id: string, email = 'ann@example.com', connector = 'acme') => ({
  id,
  connector,
  time: 0,
  line: JSON.stringify({ email, note: 'a\nb' }),
})

const linesOf = (path: string): readonly unknown[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as unknown)

test('has a line for each item with the reason, for its owner alone', async () => {
  const path = quarantineOf(directoryForTest(), 'siem')
  const clock = { ...systemClock, now: () => Date.UTC(2026, 0, 1) }
  expect(await quarantineIn(path, clock).add(item('1'), '400: "time" is missing')).toBe(true)
  expect(await quarantineIn(path, clock).add(item('2'), 'no')).toBe(true)
  expect(linesOf(path)).toEqual([
    {
      at: '2026-01-01T00:00:00.000Z',
      connector: 'acme',
      id: '1',
      time: '1970-01-01T00:00:00.000Z',
      reason: '400: "time" is missing',
      item: { email: 'ann@example.com', note: 'a\nb' },
    },
    expect.objectContaining({ id: '2' }),
  ])
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('goes on behind a line that a crash has torn', async () => {
  const path = quarantineOf(directoryForTest(), 'siem')
  writeFileSync(path, '{"at":"20')
  await quarantineIn(path, systemClock).add(item('1'), 'no')
  expect(readFileSync(path, 'utf8')).toMatch(/^\{"at":"20\n\{"at":.*\}\n$/)
})

test('takes no more than it may, and says so', async () => {
  const path = quarantineOf(directoryForTest(), 'siem')
  const quarantine = quarantineIn(path, systemClock, 300)
  expect(await quarantine.add(item('1'), 'no')).toBe(true)
  expect(await quarantine.add(item('2', 'x'.repeat(300)), 'no')).toBe(false)
  expect(linesOf(path)).toHaveLength(1)
  // In bytes, of which a letter may have several.
  const other = quarantineIn(quarantineOf(directoryForTest(), 'siem'), systemClock, 300)
  expect(await other.add(item('1', 'e'.repeat(100)), 'no')).toBe(true)
  const wide = quarantineIn(quarantineOf(directoryForTest(), 'siem'), systemClock, 300)
  expect(await wide.add(item('1', 'é'.repeat(100)), 'no')).toBe(false)
})

test('tells where it cannot be written, without what was to be', async () => {
  const folder = directoryForTest()
  writeFileSync(`${folder}/file`, '')
  const path = `${folder}/file/quarantine-siem.ndjson`
  const failure = await quarantineIn(path, systemClock)
    .add(item('1'), 'no')
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(SetupError)
  expect((failure as Error).message).toBe(`The quarantine ${path} cannot be written (EEXIST)`)
})

test('forgets a person and a connector', async () => {
  const folder = directoryForTest()
  const path = quarantineOf(folder, 'siem')
  const quarantine = quarantineIn(path, systemClock)
  for (const each of [
    item('1'),
    item('2', 'BOB@example.com'),
    item('3', 'carl@a.example', 'globex'),
  ])
    await quarantine.add(each, 'no')
  expect(quarantinesIn(folder)).toEqual([path])
  const forget = (what: Parameters<typeof isMeantBy>[0]) =>
    forgetInQuarantine(path, systemClock, isMeantBy(what))
  expect(await forget({ kind: 'text', text: 'bob@example.com' })).toBe(1)
  expect(await forget({ kind: 'connector', alias: 'globex' })).toBe(1)
  expect(linesOf(path)).toEqual([expect.objectContaining({ id: '1' })])
  expect(await forget({ kind: 'connector', alias: 'acme' })).toBe(1)
  expect(quarantinesIn(folder)).toEqual([])
})

test('what is torn goes with whatever is forgotten, and counts as nothing', async () => {
  const path = quarantineOf(directoryForTest(), 'siem')
  const quarantine = quarantineIn(path, systemClock)
  await quarantine.add(item('1'), 'no')
  appendFileSync(path, '{"at":"2026","connector":"globex","item":{"email":"bob@exa')
  await quarantine.add(item('2'), 'no')
  expect(readFileSync(path, 'utf8')).toContain('bob@exa')
  const meant = isMeantBy({ kind: 'connector', alias: 'globex' })
  expect(await forgetInQuarantine(path, systemClock, meant)).toBe(0)
  expect(linesOf(path)).toEqual([
    expect.objectContaining({ id: '1' }),
    expect.objectContaining({ id: '2' }),
  ])
})
