/** How fast deliveries are acknowledged, and whether each of them is on disk, once. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Section } from '../report/section.ts'
import { figure } from '../report/table.ts'
import { scratch, startServer } from './server.ts'

type Part = Pick<Section, 'tables' | 'figures' | 'missed'>

const ACKNOWLEDGED_MS = 50
const BURST = 5_000
const BURST_MS = 5_000

/** `seconds`: for how long 500 deliveries a second are sent. */
export const measureDeliveries = async (seconds: number): Promise<Part> => {
  const { directory, remove } = scratch()
  const disk = measureDisk(join(directory, 'disk'))
  const server = await startServer(directory)
  const before = server.cpuMs()
  const steady = await server.send('steady', 500 * seconds, 500)
  const cpuMs = server.cpuMs() - before
  // Without the time that the sender itself waits for a processor, and that the network takes.
  const inTime = (await server.figure('delivery_seconds_bucket{le="0.05"}')) / steady.sent
  const burst = await server.send('burst', BURST, 0)
  await server.stop()
  const file = new DatabaseSync(join(directory, 'events.db'), { readOnly: true })
  const stored = Number(file.prepare('SELECT count(*) AS n FROM event').get()?.['n'])
  const ids = Number(file.prepare('SELECT count(DISTINCT id) AS n FROM event').get()?.['n'])
  file.close()
  remove()

  const all = steady.sent + burst.sent
  return {
    tables: [
      {
        title: 'Acknowledging deliveries',
        columns: [
          'way',
          'deliveries',
          'seconds',
          'ms (median)',
          'ms (p99)',
          'ms (worst)',
          'promised',
        ],
        rows: [
          ...[steady, burst].map(of => [
            of.way,
            figure(of.sent),
            figure(Math.round(of.tookMs / 100) / 10),
            ...[of.p50, of.p99, of.worst].map(shortFigure),
            of === steady ? `p99 ${ACKNOWLEDGED_MS} ms` : `all in ${BURST_MS / 1_000} s`,
          ]),
          [
            'the disk alone: one write of 16 KiB and its sync after the other',
            figure(disk.syncs),
            figure(Math.round(disk.tookMs / 100) / 10),
            ...[disk.p50, disk.p99, disk.worst].map(shortFigure),
            '',
          ],
        ],
      },
      {
        title: 'What became of them',
        columns: [
          'sent',
          'refused',
          'stored',
          'different',
          'CPU ms each',
          'steady: % within 50 ms by the server’s clock',
        ],
        rows: [
          [
            figure(all),
            figure(steady.refused + burst.refused),
            figure(stored),
            figure(ids),
            figure(cpuMs / steady.sent),
            (100 * inTime).toFixed(2),
          ],
        ],
      },
    ],
    figures: { steady, burst, stored, ids, disk, steadyCpuMs: cpuMs, inTime },
    missed: [
      ...(steady.p99 > ACKNOWLEDGED_MS
        ? [`webhooks: p99 of the acknowledgement is ${Math.round(steady.p99)} ms`]
        : []),
      ...(burst.tookMs > BURST_MS
        ? [`webhooks: a burst of 5,000 takes ${Math.round(burst.tookMs)} ms`]
        : []),
      ...(stored === all && ids === all && steady.refused + burst.refused === 0
        ? []
        : [`webhooks: ${stored} of ${all} deliveries are stored`]),
    ],
  }
}

/** What no acknowledgement can be faster than: 1,000 times a write and its sync. */
const measureDisk = (path: string) => {
  const file = openSync(path, 'w')
  const block = Buffer.alloc(16_384, 1)
  const times: number[] = []
  const start = performance.now()
  for (let index = 0; index < 1_000; index++) {
    const from = performance.now()
    writeSync(file, block)
    fdatasyncSync(file)
    times.push(performance.now() - from)
  }
  const tookMs = performance.now() - start
  closeSync(file)
  times.sort((a, b) => a - b)
  const at = (index: number): number => times[index] ?? NaN
  return { syncs: times.length, tookMs, p50: at(500), p99: at(990), worst: at(999) }
}

const shortFigure = (ms: number): string => figure(Math.round(ms * 100) / 100)
