/** The receiver that docs/sinks.md shows takes what is genuine, whole, and nothing else. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../src/model/clock.ts'
import { createHttpSender } from '../src/sinks/senders/http.ts'
import { directoryForTest } from './support/directory.ts'
import { makeItems } from './support/sinks/items.ts'

const page = readFileSync(new URL('../docs/sinks.md', import.meta.url), 'utf8')
const [, program = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []

/** Where it listens. */
const startReceiver = async (folder: string): Promise<string> => {
  writeFileSync(join(folder, 'receiver.mjs'), program)
  const child: ChildProcess = spawn(process.execPath, ['receiver.mjs'], {
    cwd: folder,
    env: { PORT: '0', SINK_SECRET: 'whsec_shown' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text))
  await expect.poll(() => said, { interval: 20 }).toMatch(/listens on \d+\n/)
  return `http://127.0.0.1:${/\d+/.exec(said)?.[0]}/`
}

test.each([false, true])(
  'the receiver that is shown takes what is ours (packed: %s)',
  async gzip => {
    const folder = directoryForTest()
    const url = await startReceiver(folder)
    const send = async (secret: string, from: number): Promise<void> => {
      const sender = createHttpSender({ kind: 'http', url, secret, gzip }, { clock: systemClock })
      try {
        await sender.send(makeItems(3, from), new AbortController().signal)
      } finally {
        await sender.close()
      }
    }
    await send('whsec_shown', 0)
    await expect(send('whsec_of_somebody', 3)).rejects.toThrow('answered 401')
    await send('whsec_shown', 6)
    expect(readFileSync(join(folder, 'received.ndjson'), 'utf8')).toBe(
      [...makeItems(3), ...makeItems(3, 6)].map(({ line }) => `${line}\n`).join(''),
    )
  },
)
