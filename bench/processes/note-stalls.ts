/**
 * Runs before a program (`--import`) and notes where its event loop stood still, which it writes to the file that BENCH_STALLS names when the
 * program ends. A stall is the processor time that the main thread took in one piece: other processes of the machine are not in it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import type { Stall } from './stalls.ts'

/** How often it looks, and what is worth noting (milliseconds). */
const EVERY_MS = 5
const NOTED_MS = 10

const path = process.env['BENCH_STALLS']
if (isMainThread && path !== undefined) {
  const stalls: Stall[] = []
  const takenMs = (): number =>
    Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  let [at, taken] = [performance.now(), takenMs()]
  setInterval(() => {
    const [now, nowTaken] = [performance.now(), takenMs()]
    const ms = Math.min(now - at, nowTaken - taken)
    if (ms > NOTED_MS) stalls.push({ at: performance.timeOrigin + at, ms })
    at = now
    taken = nowTaken
  }, EVERY_MS).unref()
  process.on('exit', () => writeFileSync(path, JSON.stringify(stalls)))
}
