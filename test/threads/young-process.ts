/**
 * Says how many megabytes the young generation of a thread has come to that had much to put there:
 * `node --max-semi-space-size=32 young-process.ts 16`.
 */
import { getHeapSpaceStatistics } from 'node:v8'
import { isMainThread, parentPort } from 'node:worker_threads'
import { STARTED } from '../../src/threads/messages.ts'
import { startWorkerThread } from '../../src/threads/thread.ts'

/** Objects that are made, so many of which are held at a time that the young generation grows as far as it may. */
const [MADE, HELD] = [3_000_000, 200_000]

const fillYoungGeneration = (): number => {
  let held: object[] = []
  for (let n = 0; n < MADE; n += 1) {
    if (held.length === HELD) held = []
    held.push({ n })
  }
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  return (young?.space_size ?? NaN) / 1_048_576
}

if (isMainThread) {
  const thread = await startWorkerThread({
    file: new URL(import.meta.url),
    name: 'young',
    data: undefined,
    resourceLimits: { maxYoungGenerationSizeMb: Number(process.argv[2]) },
    errorOf: () => new Error('It failed'),
    died: () => new Error('It ended'),
  })
  console.log(await thread.ask({}).answer)
  await thread.close()
} else {
  parentPort?.on('message', ({ id, kind }: { readonly id: number; readonly kind: string }) => {
    const result = kind === 'ask' ? fillYoungGeneration() : undefined
    parentPort?.postMessage({ id, result, tookMs: 0 })
    if (kind === 'close') parentPort?.close()
  })
  parentPort?.postMessage({ id: STARTED, result: undefined, tookMs: 0 })
}
