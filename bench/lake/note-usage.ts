/** Runs before a program (`--import`) and notes what it took, in the file that BENCH_USAGE names, when it ends. */
import { writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const path = process.env['BENCH_USAGE']
if (isMainThread && path !== undefined)
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    const usage = { peakMb: maxRSS / 1_024, cpuMs: (userCPUTime + systemCPUTime) / 1_000 }
    writeFileSync(path, JSON.stringify(usage))
  })
