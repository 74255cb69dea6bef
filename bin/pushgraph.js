#!/usr/bin/env node
/** The command `pushgraph`. */
const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `Pushgraph needs Node.js 24 or newer; this is ${process.version}. Install a newer one (https://nodejs.org) and run it again.`,
  )
  process.exit(2)
}
if (import.meta.url.includes('/node_modules/')) await import('./strip-types.js')
await import('../src/main.ts')
