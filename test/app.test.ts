import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'
import { readConfig } from '../src/config/config.ts'
import { createLog } from '../src/http/logging/log.ts'
import { directoryForTest } from './support/directory.ts'

const listening = (): number =>
  process.getActiveResourcesInfo().filter(name => name === 'TCPServerWrap').length

const log = createLog({ level: 'silent', readable: false, destination: new Writable() })

test('an app that cannot be made leaves nothing open that would keep the process alive', async () => {
  const demo = readConfig({}, directoryForTest())
  const before = listening()
  const dataKeys = () => {
    throw new Error('no key')
  }
  await expect(createApp({ ...demo, answers: { ...demo.answers, dataKeys } }, log)).rejects.toThrow(
    'no key',
  )
  await expect.poll(listening).toBe(before)
})

test('an app that cannot be served says so before it listens, and leaves nothing open once it is stopped', async () => {
  const demo = readConfig({}, directoryForTest())
  const before = listening()
  // The settings refuse such a prefix; here it stands for a fault of ours, late in the making.
  const app = await createApp({ ...demo, prefix: 'no name' }, log)
  await expect(app.prepare()).rejects.toThrow('name')
  await expect(app.listen()).rejects.toThrow('name')
  await app.stop(0)
  await expect.poll(listening).toBe(before)
})
