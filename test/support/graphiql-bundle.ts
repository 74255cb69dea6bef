/** The bundles of our pages, built as `npm run prepare` builds them. */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Where the bundle lies; made anew where it is missing or older than what it is made of. */
export const buildGraphiql = (): string =>
  build('build/graphiql', 'vite.config.ts', ['src/http/pages', 'docs/queries.md'])

/** The same of the overview. */
export const buildOverview = (): string =>
  build('build/overview', 'vite.overview.config.ts', ['src/http/pages'])

const build = (folder: string, config: string, sources: readonly string[]): string => {
  const bundle = join(root, folder)
  const files = [...sources, config, 'package-lock.json'].map(path => join(root, path))
  if (newest([bundle]) <= newest(files)) {
    // Vitest's own NODE_ENV would make it React's slow development build.
    const { NODE_ENV: _, ...env } = process.env
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    execFileSync(process.execPath, [vite, 'build', '--config', config], {
      cwd: root,
      env,
      stdio: 'pipe',
    })
  }
  return bundle
}

/** When the newest of these files, or files of these folders, was written; 0 where there is none. */
const newest = (paths: readonly string[]): number =>
  Math.max(
    0,
    ...paths.flatMap(path => {
      const found = statSync(path, { throwIfNoEntry: false })
      if (found === undefined) return []
      if (!found.isDirectory()) return [found.mtimeMs]
      return readdirSync(path, { recursive: true, encoding: 'utf8' }).map(
        name => statSync(join(path, name)).mtimeMs,
      )
    }),
  )
