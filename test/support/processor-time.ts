/**
 * Milliseconds for which the processor worked for this thread while `work` ran. Unlike what a clock shows, it does not
 * grow with what else the machine does.
 */
export const processorMsOf = (work: () => void): number => {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}
