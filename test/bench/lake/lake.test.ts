/** The exports that the bench measures, of a small tenant. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { exportOnce } from '../../../bench/lake/export-once.ts'
import { sizeOfFolder } from '../../../bench/lake/read-back.ts'
import { startStandIn } from '../../../bench/processes/stand-in.ts'
import { directoryForTest } from '../../support/directory.ts'

test('an export has every account of the tenant, and says what it took', async () => {
  const standIn = await startStandIn(0.1, { limiter: false, latencyMs: 0 })
  onTestFinished(standIn.stop)
  const folder = directoryForTest()
  const hasty = { PUSHGRAPH_RATE: '1000', PUSHGRAPH_BURST: '1000' }
  const run = (out: string, ...args: readonly string[]) =>
    exportOnce(standIn, folder, ['--types', 'accounts', '--out', out, ...args], hasty)

  const lines = await run('lines', '--ocsf', '1.1.0')
  const lake = await run('lake', '--ocsf', '1.1.0', '--format', 'parquet')
  const accounts = standIn.makeData().accounts.length
  expect(accounts).toBeGreaterThan(1_000)
  expect(readFileSync(join(folder, 'lines'), 'utf8').trimEnd().split('\n')).toHaveLength(accounts)
  expect(await sizeOfFolder(join(folder, 'lake'))).toMatchObject({
    rows: accounts,
    files: 1,
    rowGroups: 1,
  })
  for (const { ms, cpuMs, peakMb } of [lines, lake])
    expect(Math.min(ms, cpuMs, peakMb)).toBeGreaterThan(50)
})
