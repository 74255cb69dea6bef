/**
 * `npm run bench`: what Pushgraph costs and how fast it is, beside the least possible and beside others.
 *
 *   npm run bench -- --only requests        one part, or several: --only serving,memory
 *   npm run bench -- --runs 1               fewer repetitions than 5
 *   npm run bench -- --question search      of the reference questions only those with that word
 */
import { parseArgs } from 'node:util'
import { measureRequests } from './requests/requests.ts'
import { measureServing } from './serving/serving.ts'
import type { Section } from './report/section.ts'
import { toText } from './report/table.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string' },
    question: { type: 'string' },
  },
})

const runs = Number(values.runs ?? 5)

const parts: Readonly<Record<string, () => Promise<Section>>> = {
  requests: () => measureRequests(runs, values.question),
  serving: () => measureServing(Math.min(runs, 3)),
}

const chosen = values.only?.split(',') ?? Object.keys(parts)
for (const name of chosen) {
  const section = await parts[name]?.()
  if (section === undefined) throw new Error(`There is no part "${name}"`)
  console.log(section.tables.map(toText).join('\n'))
  for (const sentence of section.missed) console.log(`missed: ${sentence}`)
  if (section.missed.length > 0) process.exitCode = 1
}
