/** The clock of a process, minutes away from that of the machine. */
import { fileOfPackage } from './debian-package.ts'

/**
 * The environment of a process whose clock is ahead by so many seconds; undefined where there is no libfaketime, which is said on
 * stderr in one line. What tells durations goes on as it does.
 */
export const otherClock = (
  aheadS: number,
): { readonly LD_PRELOAD: string; readonly [name: string]: string } | undefined => {
  const found = fileOfPackage('libfaketime', 'usr/lib/*/faketime/libfaketime.so.1')
  if ('path' in found)
    return {
      LD_PRELOAD: found.path,
      FAKETIME: `${aheadS < 0 ? '' : '+'}${aheadS}s`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
  process.stderr.write(
    `Not tried: replicas whose clocks differ, which need libfaketime, since ${found.reason}\n`,
  )
  return undefined
}
