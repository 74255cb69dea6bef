/**
 * Pushgraph in a process whose heap can be swept at will: reads one collection after the other, and prints for each
 * the bytes of heap that it takes, as a line of JSON: `node --expose-gc memory-process.ts`, with the settings of a
 * server in the environment.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { collectionNames } from '../../src/model/collections.ts'

// What the app waits for keeps no process alive: a server is kept by whom it listens to.
setInterval(() => undefined, 60_000)

const app = await createApp(
  readConfig(process.env, process.cwd()),
  createLog({ level: 'warn', readable: false, destination: process.stderr }),
)

/** The answer's data. @throws {Error} when it has errors. */
const answer = async (query: string): Promise<Readonly<Record<string, unknown>>> => {
  const { data, errors } = await app.execute({ query })
  if (errors !== undefined) throw new Error(`${query}: ${errors.map(String).join('; ')}`)
  return data ?? {}
}

const [smallest = 'apps'] = collectionNames

/** What one round finalizes, and what threads and connections still hold of the last answer, is gone in a later one. */
const SWEEPS = 5

const heapBytes = async (): Promise<number> => {
  // Rows that the history is yet to be told of are held for it: who asks for a list as it was just now waits for them.
  await answer(`{ ${smallest}(first: 1, at: "${new Date().toISOString()}") { totalCount } }`)
  let least = Infinity
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    least = Math.min(least, heapUsed + external)
    await pause(100)
  }
  return least
}

// What runs for the first time leaves code and shapes behind that no row is to be blamed for.
await answer(`{ connectors { alias } ${smallest}(first: 1) { nodes { id } } }`)

for (const name of collectionNames) {
  const before = await heapBytes()
  const data = await answer(`{ ${name} { totalCount } }`)
  const bytes = (await heapBytes()) - before
  const { totalCount } = data[name] as { readonly totalCount: number }
  console.log(JSON.stringify({ name, rows: totalCount, bytes }))
}

// Every link that leads to accounts, so that all their indexes are made.
const before = await heapBytes()
await answer(
  `{ employees(first: 1) { nodes { accounts { totalCount } } } apps(first: 1) { nodes { accounts { totalCount } } }
     findings(first: 200) { nodes { passwordPeers { totalCount } } } }`,
)
console.log(
  JSON.stringify({ name: 'indexes of accounts', rows: 0, bytes: (await heapBytes()) - before }),
)
process.exit()
