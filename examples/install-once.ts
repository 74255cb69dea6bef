/** Installs what an example alone needs, in its own folder and where that has not been done before. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Does it for the folder of that module; `what` is what a line on standard error says is installed.
 *
 * @throws {Error} when npm cannot
 */
export const installOnce = (module: string, what: string): void => {
  const folder = fileURLToPath(new URL('./', module))
  // npm writes this file when all else is there, so that an installation that was broken off does not pass for a whole one.
  if (existsSync(`${folder}node_modules/.package-lock.json`)) return
  console.error(`Installing ${what}, once.`)
  // Named outright, since whoever runs this by `npm --prefix` has named the folder to npm from elsewhere.
  execFileSync('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
