/**
 * A program of its own with one subscriber for each address, over server-sent events: `node follower.ts ADDRESSES FILE MS`. Each begins at
 * an address of its own, moves to the next one every so many milliseconds, or when it is cut off there, and goes on with the
 * cursor of the last event that it heard. Says `following` once all have asked; when it is told to end, it writes to the file what
 * each of them heard, and how late.
 */
import { writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Following, Heard } from './heard.ts'

const [addresses = '', results = '', moveEveryMs = '0'] = process.argv.slice(2)
const urls = addresses.split(',')

/** The description is when the delivery was sent. */
const EVENT = /"id":"([^"]+)","description":"([\d.]+)","cursor":"([^"]+)"/g
/** A replica that cannot be reached is left so much later, */
const AGAIN_MS = 50
/** and one that says it cannot serve now so much later, as clients do. */
const REFUSED_MS = 1_000

interface Subscriber {
  readonly heard: Heard[]
  cursor: string | undefined
  moves: number
}

const take = (subscriber: Subscriber, line: string): void => {
  const now = performance.timeOrigin + performance.now()
  for (const [, id = '', sentAt, cursor] of line.matchAll(EVENT)) {
    subscriber.heard.push({ id, lagMs: now - Number(sentAt) })
    subscriber.cursor = cursor
  }
}

/**
 * Resolves when it is cut off, or has been there for long enough, and tells whether it was refused. What it has not heard whole it
 * has not heard.
 */
const listen = (url: string, subscriber: Subscriber, onBegun: () => void): Promise<boolean> =>
  new Promise(resolve => {
    let isRefused = false
    const { cursor } = subscriber
    const since = cursor === undefined ? '' : `(since: ${JSON.stringify(cursor)})`
    const query = `subscription { events${since} { id description cursor } }`
    let rest = ''
    let timer: NodeJS.Timeout | undefined
    const headers = { accept: 'text/event-stream' }
    const asked = get(`${url}?query=${encodeURIComponent(query)}`, { headers }, response => {
      onBegun()
      response.setEncoding('utf8').on('data', (text: string) => {
        if (asked.destroyed) return
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) take(subscriber, line)
        isRefused ||= lines.some(line => line.startsWith('data: {"errors"'))
        // Who has heard nothing has no place to go on from.
        if (timer === undefined && subscriber.cursor !== undefined && Number(moveEveryMs) > 0)
          timer = setTimeout(() => asked.destroy(), Number(moveEveryMs))
      })
      response.on('error', () => undefined)
    })
    asked.on('error', () => undefined)
    asked.on('close', () => {
      clearTimeout(timer)
      resolve(isRefused)
    })
  })

const follow = async (
  first: number,
  subscriber: Subscriber,
  onBegun: () => void,
): Promise<never> => {
  for (let at = first; ; at += 1) {
    const from = performance.now()
    const isRefused = await listen(urls[at % urls.length] ?? '', subscriber, () => {
      if (at > first) subscriber.moves += 1
      onBegun()
    })
    if (isRefused) await pause(REFUSED_MS)
    else if (performance.now() - from < AGAIN_MS) await pause(AGAIN_MS)
  }
}

const all = urls.map((): Subscriber => ({ heard: [], cursor: undefined, moves: 0 }))
await Promise.all(
  all.map(
    (subscriber, nth) =>
      new Promise<void>(resolve => {
        void follow(nth, subscriber, resolve)
      }),
  ),
)
console.log('following all')

process.on('SIGTERM', () => {
  const found: readonly Following[] = all.map(({ heard, moves }) => ({ heard, moves }))
  writeFileSync(results, JSON.stringify(found))
  process.exit()
})
