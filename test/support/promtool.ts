/** Prometheus' own tool that checks and tries rules: from the machine, or out of Debian's package, which would start a server. */
import { spawnSync } from 'node:child_process'
import { fileOfPackage } from './debian-package.ts'

/** Where it lies; undefined where there is none, which is said on stderr in one line. */
export const findPromtool = (): string | undefined => {
  if (spawnSync('promtool', ['--version']).status === 0) return 'promtool'
  const found = fileOfPackage('prometheus', 'usr/bin/promtool')
  if ('path' in found) return found.path
  process.stderr.write(
    `Not tried: the rules for Prometheus, which need promtool, since ${found.reason}\n`,
  )
  return undefined
}
