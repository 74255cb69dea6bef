/** The GraphiQL bundle, built as `npm run prepare` builds it. */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const bundle = join(root, 'build/graphiql')

/** Where the bundle lies; made anew where it is missing or older than what it is made of. */
export const buildGraphiql = (): string => {
  const sources = ['src/http/pages', 'docs/queries.md', 'vite.config.ts', 'package-lock.json']
  if (newest([bundle]) <= newest(sources.map(path => join(root, path)))) {
    // Vitest's own NODE_ENV would make it React's slow development build.
    const { NODE_ENV: _, ...env } = process.env
    execFileSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build'], {
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
