/** What Linux tells of a process: its memory, and the processor time that it has taken. */
import { readFileSync, writeFileSync } from 'node:fs'

/** Megabytes that were resident at most since the last time that this was asked, or since the start. */
export const takePeakMb = (pid: number): number => {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  // Begins the highest mark anew; it is our own process.
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  return Number(peak ?? NaN) / 1_000
}

/** Milliseconds of processor time of the main thread alone, which has the event loop; 0 once it has ended. */
export const mainThreadMs = (pid: number): number => {
  try {
    const [nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')
    return Number(nanoseconds) / 1e6
  } catch {
    return 0
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    // A process that has ended but was not yet waited for has no memory.
    return readFileSync(`/proc/${pid}/status`, 'utf8').includes('VmRSS')
  } catch {
    return false
  }
}
