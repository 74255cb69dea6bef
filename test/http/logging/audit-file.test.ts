import {
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { AuditFile, MAX_WAITING } from '../../../src/http/logging/audit-file.ts'
import { directoryForTest } from '../../support/directory.ts'

/** Takes no byte: each write fails as on a full disk. */
const FULL = '/dev/full'

const fileForTest = (path = join(directoryForTest(), 'audit.log')) => {
  const told: { readonly message: string; readonly failed: boolean }[] = []
  const file = new AuditFile(
    path,
    (message, error) => told.push({ message, failed: error !== undefined }),
    5,
  )
  onTestFinished(() => file.close())
  return { path, file, told }
}

const expectText = (path: string, text: string) =>
  expect.poll(() => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)).toBe(text)

test('lines are added to what is there, in their order', async () => {
  const { path, file } = fileForTest()
  writeFileSync(path, 'before\n')
  await file.open()
  for (let n = 0; n < 1_000; n += 1) file.write(`${n}\n`)
  await expectText(path, `before\n${Array.from({ length: 1_000 }, (_, n) => `${n}\n`).join('')}`)
})

test('a new file is read by nobody but its owner and its group', async () => {
  const { path, file } = fileForTest()
  await file.open()
  expect(statSync(path).mode & 0o007).toBe(0)
})

test('what cannot be opened fails', async () => {
  const { file } = fileForTest(join(directoryForTest(), 'nowhere', 'audit.log'))
  await expect(file.open()).rejects.toThrow('ENOENT')
})

test('where it was moved away or deleted, what follows goes into a new one of its name', async () => {
  const { path, file, told } = fileForTest()
  await file.open()
  file.write('1\n')
  await expectText(path, '1\n')
  renameSync(path, `${path}.1`)
  file.write('2\n')
  await expectText(path, '2\n')
  rmSync(path)
  file.write('3\n')
  await expectText(path, '3\n')
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('1\n')
  expect(told).toEqual([])
})

test('told to, it is opened again before there is a line', async () => {
  const { path, file } = fileForTest()
  await file.open()
  renameSync(path, `${path}.1`)
  file.reopen()
  await expectText(path, '')
})

test('what cannot be written waits, which is told once, and so is that it can again', async () => {
  const { path, file, told } = fileForTest()
  symlinkSync(FULL, path)
  await file.open()
  file.write('1\n')
  await expect.poll(() => file.state().isFailing).toBe(true)
  for (const line of ['2\n', '3\n']) file.write(line)
  rmSync(path)
  await expectText(path, '1\n2\n3\n')
  await expect.poll(() => told).toHaveLength(2)
  expect(told).toEqual([
    { message: expect.stringContaining('cannot be written') as string, failed: true },
    { message: 'The audit log can be written again', failed: false },
  ])
  file.write('4\n')
  await expectText(path, '1\n2\n3\n4\n')
  expect(file.state()).toEqual({ lost: 0, isFailing: false })
})

test('as many wait as there is room for, and those beyond are counted', async () => {
  const { path, file, told } = fileForTest()
  symlinkSync(FULL, path)
  const line = `${'x'.repeat(MAX_WAITING / 16 - 1)}\n`
  for (let n = 0; n < 16; n += 1) file.write(line)
  expect(file.state().lost).toBe(0)
  file.write('\n')
  expect(file.state().lost).toBe(1)
  await expect.poll(() => file.state().isFailing).toBe(true)
  rmSync(path)
  await expect.poll(() => told[1]?.message).toContain('1 lines are lost')
  expect(statSync(path).size).toBe(MAX_WAITING)
  file.write('more\n')
  await expect.poll(() => statSync(path).size).toBe(MAX_WAITING + 5)
})

test('closed, it has written what waited', async () => {
  const { path, file } = fileForTest()
  await file.open()
  for (const line of ['1\n', '2\n']) file.write(line)
  await file.close()
  expect(readFileSync(path, 'utf8')).toBe('1\n2\n')
})
