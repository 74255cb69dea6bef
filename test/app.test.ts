import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'
import { readConfig } from '../src/config/config.ts'
import { createLog } from '../src/http/logging/log.ts'
import { directoryForTest } from './support/directory.ts'

const listening = (): number =>
  process.getActiveResourcesInfo().filter(name => name === 'TCPServerWrap').length

test('an app that cannot be made leaves nothing open that would keep the process alive', async () => {
  const log = createLog({ level: 'silent', readable: false, destination: new Writable() })
  const demo = readConfig({}, directoryForTest())
  const before = listening()
  // The settings refuse such a prefix; here it stands for a fault of ours, late in the making.
  await expect(createApp({ ...demo, prefix: 'no name' }, log)).rejects.toThrow('name')
  await expect.poll(listening).toBe(before)
})
