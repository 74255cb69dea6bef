import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFileSender } from '../../../src/sinks/senders/file.ts'
import { directoryForTest } from '../../support/directory.ts'

const items = (...lines: readonly string[]) =>
  lines.map(line => ({ id: line, connector: 'acme', time: 0, line }))

const signal = new AbortController().signal

const read = (path: string): string => readFileSync(path, 'utf8')

test('has a line for each item, and goes on in a new file where the old one is rotated or removed', async () => {
  const path = join(directoryForTest(), 'spool.ndjson')
  const sender = createFileSender({ kind: 'file', path })
  await sender.send(items('1', '2'), signal)
  await sender.send(items('3'), signal)
  expect(read(path)).toBe('1\n2\n3\n')
  renameSync(path, `${path}.1`)
  await sender.send(items('4'), signal)
  expect([read(`${path}.1`), read(path)]).toEqual(['1\n2\n3\n', '4\n'])
  rmSync(path)
  await sender.send(items('5'), signal)
  expect(read(path)).toBe('5\n')
  await sender.close()
})

test.each([
  ['1\n2\n3', '1\n2\n4\n'],
  ['1\n', '1\n4\n'],
  ['', '4\n'],
  // Nobody knows what that is: it is left as it is.
  ['no line', 'no line\n4\n'],
  ['{"all": "of it"}', '{"all": "of it"}\n4\n'],
  // The first line of ours in that file.
  ['{', '4\n'],
  ['{"activity_id":1,"user":{"name":"Zo\u00eb"}', '4\n'],
  [`1\n${'x'.repeat(200_000)}`, '1\n4\n'],
])('cuts off what a crash has torn', async (before, after) => {
  const path = join(directoryForTest(), 'spool.ndjson')
  writeFileSync(path, before)
  const sender = createFileSender({ kind: 'file', path })
  await sender.send(items('4'), signal)
  expect(read(path)).toBe(after)
  await sender.close()
})

test('refuses while another one writes the file, and tells why', async () => {
  const path = join(directoryForTest(), 'spool.ndjson')
  const [one, other] = [1, 2].map(() => createFileSender({ kind: 'file', path }))
  await one?.send(items('1'), signal)
  await expect(other?.send(items('2'), signal)).rejects.toThrow(
    `${path} cannot be written: another process writes to it`,
  )
  // Another one sends from now on, and hands it back later.
  const written = one?.send(items('x'.repeat(1_000_000)), signal)
  await one?.release?.()
  await written
  await other?.send(items('2'), signal)
  await expect(one?.send(items('3'), signal)).rejects.toThrow('another process writes to it')
  await other?.release?.()
  await one?.send(items('3'), signal)
  expect(read(path)).toBe(`1\n${'x'.repeat(1_000_000)}\n2\n3\n`)
  await one?.close()
  await other?.close()
})

test('sends again once the way to the file is there', async () => {
  const folder = join(directoryForTest(), 'spool')
  const path = join(folder, 'spool.ndjson')
  const sender = createFileSender({ kind: 'file', path })
  await expect(sender.send(items('1'), signal)).rejects.toThrow('its folder is not there')
  mkdirSync(folder)
  await sender.send(items('1'), signal)
  appendFileSync(path, 'torn')
  await sender.close()
  await sender.send(items('2'), signal)
  expect(read(path)).toBe('1\n2\n')
  await sender.close()
})
