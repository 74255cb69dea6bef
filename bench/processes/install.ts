/** The packages that only the bench needs, each folder's own, so that nobody else must install them. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Installs what the `package.json` of a folder under `bench/` names, where that has not been done before.
 *
 * @throws {Error} when npm cannot
 */
export const install = (folder: string): string => {
  const directory = fileURLToPath(new URL(`../${folder}/`, import.meta.url))
  if (!existsSync(`${directory}node_modules`))
    execFileSync(
      'npm',
      ['install', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'],
      { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] },
    )
  return directory
}
