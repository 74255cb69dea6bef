/**
 * A program of its own with one subscriber at each address, over server-sent events. Says `following` once all have asked;
 * when it is told to end, it writes to a file what each of them heard, and how late.
 */
import { writeFileSync } from 'node:fs'
import { get } from 'node:http'
import type { Heard } from './heard.ts'

const [addresses = '', results = ''] = process.argv.slice(2)
const query = 'subscription { events { id description } }'

/** The description is when the delivery was sent. */
const EVENT = /"id":"([^"]+)","description":"([\d.]+)"/g

const follow = (url: string): Promise<Heard[]> =>
  new Promise((resolve, reject) => {
    const heard: Heard[] = []
    let rest = ''
    const take = (text: string): void => {
      const now = performance.timeOrigin + performance.now()
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines)
        for (const [, id = '', sentAt] of line.matchAll(EVENT))
          heard.push({ id, lagMs: now - Number(sentAt) })
    }
    const asked = get(
      `${url}?query=${encodeURIComponent(query)}`,
      { headers: { accept: 'text/event-stream' } },
      response => {
        response.setEncoding('utf8').on('data', take)
        resolve(heard)
      },
    )
    asked.on('error', reject)
  })

const all = await Promise.all(addresses.split(',').map(follow))
console.log('following all')

process.on('SIGTERM', () => {
  writeFileSync(results, JSON.stringify(all))
  process.exit()
})
