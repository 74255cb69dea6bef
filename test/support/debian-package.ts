/** Files of Debian's packages, for tests that need a program which not every machine has. */
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))

/**
 * Where a file of the package lies, by a pattern within it such as `usr/bin/promtool`; why there is none instead. On Debian, root
 * takes it out of the package once, without installing that.
 */
export const fileOfPackage = (
  name: string,
  pattern: string,
): { readonly path: string } | { readonly reason: string } => {
  const kept = join(cache, name)
  const find = (): string | undefined => globSync(join(kept, pattern))[0]
  const reason = find() === undefined ? takeOut(name, kept) : undefined
  const path = find()
  return path === undefined ? { reason: reason ?? 'the package has none' } : { path }
}

/** Why it could not be taken out; undefined where it was. */
const takeOut = (name: string, folder: string): string | undefined => {
  const isDebian =
    existsSync('/etc/os-release') &&
    /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  if (!isDebian || process.getuid?.() !== 0) return 'this is not root on Debian'
  process.stderr.write(`Taking a file out of Debian's package ${name}\n`)
  mkdirSync(folder, { recursive: true })
  try {
    for (const args of [['update'], ['download', name]])
      execFileSync('apt-get', ['-q', '-o', 'Acquire::http::Timeout=10', ...args], {
        cwd: folder,
        stdio: 'pipe',
        timeout: 90_000,
      })
    const [file = ''] = globSync(join(folder, '*.deb'))
    execFileSync('dpkg-deb', ['-x', file, '.'], { cwd: folder, stdio: 'pipe' })
    return undefined
  } catch {
    return 'apt-get could not fetch it'
  }
}
