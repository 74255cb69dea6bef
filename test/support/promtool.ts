/** Prometheus' own tool that checks and tries rules: from the machine, or out of Debian's package. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const kept = fileURLToPath(new URL('../../node_modules/.cache/promtool', import.meta.url))

/**
 * Where it lies; undefined where there is none, which is said on stderr in one line. On Debian, root takes it out of the
 * package, without installing that: it would start a server.
 */
export const findPromtool = (): string | undefined => {
  if (spawnSync('promtool', ['--version']).status === 0) return 'promtool'
  const own = join(kept, 'usr/bin/promtool')
  if (existsSync(own)) return own
  const reason = takeOut()
  if (reason === undefined && existsSync(own)) return own
  process.stderr.write(
    `Not tried: the rules for Prometheus, which need promtool, since ${reason ?? 'the package has none'}\n`,
  )
  return undefined
}

/** Why it could not be taken out; undefined where it was. */
const takeOut = (): string | undefined => {
  const isDebian =
    existsSync('/etc/os-release') &&
    /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  if (!isDebian || process.getuid?.() !== 0) return 'this is not root on Debian'
  process.stderr.write("Taking promtool out of Debian's package prometheus\n")
  mkdirSync(kept, { recursive: true })
  try {
    for (const args of [['update'], ['download', 'prometheus']])
      execFileSync('apt-get', ['-q', '-o', 'Acquire::http::Timeout=10', ...args], {
        cwd: kept,
        stdio: 'pipe',
        timeout: 90_000,
      })
    const [file = ''] = readdirSync(kept).filter(name => name.endsWith('.deb'))
    execFileSync('dpkg-deb', ['-x', file, '.'], { cwd: kept, stdio: 'pipe' })
    return undefined
  } catch {
    return 'apt-get could not fetch it'
  }
}
