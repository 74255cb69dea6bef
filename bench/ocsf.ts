/**
 * How much processor time it takes to make OCSF events as JSON text of objects: `node bench/ocsf.ts`. The promise is 12,000 accounts
 * in 250 ms.
 */
import { createData } from '../src/demo/data.ts'
import { collectionNames } from '../src/model/collections.ts'
import type { CollectionName, Rows } from '../src/model/rows.ts'
import { type OcsfEvent, ocsfVersions, toOcsf } from '../src/ocsf/ocsf.ts'
import { createDecoders } from '../src/upstream/decode/decode.ts'
import { createInterner } from '../src/upstream/decode/interner.ts'

const NOW = Date.UTC(2026, 0, 1)
const ACCOUNTS_MS = 250
const RUNS = 7

const data = createData({ seed: 1, scale: 1, now: NOW / 1000 })
const decoders = createDecoders(createInterner())

const rowsOf = (name: CollectionName): readonly Rows[CollectionName][] =>
  data[name].flatMap(sent => decoders[name](sent, { path: '', reason: '' }) ?? [])

/** Milliseconds of processor time, the collector's included, of the run that the machine disturbed least. */
const measure = (run: () => void): number => {
  const times = Array.from({ length: RUNS }, () => {
    const begin = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(begin)
    return (user + system) / 1_000
  })
  return Math.min(...times)
}

const lines: string[][] = []
let accountsMs = 0
for (const name of collectionNames) {
  const rows = rowsOf(name)
  const times = ocsfVersions.map(version => {
    const project = toOcsf[version][name] as (input: object) => OcsfEvent
    let characters = 0
    const ms = measure(() => {
      characters = 0
      for (const row of rows)
        characters += JSON.stringify(project({ row, readAt: NOW }).json()).length
    })
    if (name === 'accounts') accountsMs = Math.max(accountsMs, ms)
    return { ms, characters }
  })
  const characters = times[0]?.characters ?? 0
  lines.push([
    name,
    String(rows.length),
    `${Math.round(characters / rows.length)}`,
    ...times.map(({ ms }) => ms.toFixed(1)),
  ])
}

const header = ['collection', 'objects', 'characters each', ...ocsfVersions.map(v => `${v}, ms`)]
for (const line of [header, ...lines])
  console.log(
    line.map((cell, index) => (index === 0 ? cell.padEnd(18) : cell.padStart(16))).join(''),
  )
console.log(
  `\n12,000 accounts: ${accountsMs.toFixed(0)} ms of processor time in the slowest version, ${ACCOUNTS_MS} ms allowed`,
)
if (accountsMs > ACCOUNTS_MS) process.exitCode = 1
