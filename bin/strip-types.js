/**
 * Lets Node run Pushgraph's TypeScript also where it is installed as a package: by itself, Node strips no types
 * below node_modules. Workers need it too: `new Worker(url, { execArgv: ['--import', <this file's URL>] })`.
 */
import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'

// Node says once per process that stripping is experimental: true, but nothing a caller could act on.
const { emitWarning } = process
process.emitWarning = () => {}
stripTypeScriptTypes('')
process.emitWarning = emitWarning

const sources = new URL('../src/', import.meta.url).href

registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith(sources) || !url.endsWith('.ts')) return nextLoad(url, context)
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'), { mode: 'strip' })
    return { format: 'module', source, shortCircuit: true }
  },
})
