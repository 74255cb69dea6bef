/**
 * `npm run bench`: what Pushgraph costs and how fast it is, beside the least possible and beside others.
 *
 *   npm run bench -- --only requests        one part, or several: --only serving,memory
 *   npm run bench -- --only replicas:rate   one of those that belong together; replicas alone is all of them (a quarter of an hour)
 *   npm run bench -- --only replicas --full each as long as is promised: the database is away for ten minutes
 *   npm run bench -- --only replicas:without --before ../older   another checkout of Pushgraph, ready to run, beside this one
 *   npm run bench -- --runs 1               other than 5 repetitions (3 where all parts run)
 *   npm run bench -- --question search      of the reference questions, or hostile requests, only those with that word
 *   npm run bench -- --only fair --seed 7   other generated hostile requests than those of seed 0
 *   npm run bench -- --tenants 20           how many tenants one server has (200)
 *   npm run bench -- --seconds 60           how long deliveries are sent (60 alone, 20 where all parts run)
 *
 * Writes `bench/results.json` and `docs/performance.md`, and ends with exit code 1 where a promise is not kept.
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { measureAgents } from './agents/agents.ts'
import { measurePeers } from './requests/peers.ts'
import { measureRequests } from './requests/requests.ts'
import { measureEmulation } from './emulation.ts'
import { measureFair } from './fair/fair.ts'
import { measureGrowth } from './growth/growth.ts'
import { measureLake } from './lake/lake.ts'
import { measureLarge } from './large/large.ts'
import { measureMemory } from './memory/memory.ts'
import { chooseParts } from './parts.ts'
import { replicaParts } from './replicas/replicas.ts'
import { measureRestart } from './restart/restart.ts'
import { measureStart } from './start/start.ts'
import { measureSinks } from './sinks/sinks.ts'
import { measureServing } from './serving/serving.ts'
import { measureSteady } from './steady/steady.ts'
import { measureTenants } from './tenants/tenants.ts'
import { measureWebhooks } from './webhooks/webhooks.ts'
import { keep } from './report/page.ts'
import type { Section } from './report/section.ts'
import { toText } from './report/table.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string' },
    question: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: '0' },
    tenants: { type: 'string', default: '200' },
    full: { type: 'boolean', default: false },
    before: { type: 'string' },
  },
})

// All parts together are to take less than half an hour.
const runs = Number(values.runs ?? (values.only === undefined ? 3 : 5))

const parts: Readonly<Record<string, () => Promise<Section>>> = {
  requests: () => measureRequests(runs, values.question),
  peers: () => measurePeers(),
  serving: () => measureServing(runs),
  agents: () => measureAgents(),
  emulation: async () => measureEmulation(),
  memory: () => measureMemory(),
  start: () => measureStart(runs),
  restart: () => measureRestart(),
  ...replicaParts({ isFull: values.full, before: values.before }),
  tenants: () => measureTenants(Number(values.tenants)),
  growth: () => measureGrowth(),
  large: () => measureLarge(),
  lake: () => measureLake(),
  steady: () => measureSteady(),
  // All parts together leave less time for these two.
  fair: () =>
    measureFair(values.only === undefined ? 0.1 : 1, Number(values.seed), values.question),
  sinks: () => measureSinks(Number(values.seconds ?? (values.only === undefined ? 20 : 60))),
  webhooks: () => measureWebhooks(Number(values.seconds ?? (values.only === undefined ? 20 : 60))),
}

/** These wait for the stand-in rather than work, and can be measured at one time. */
const together: readonly (readonly string[])[] = [['peers', 'large']]

const [load = NaN] = loadavg()
const chosen = chooseParts(values.only, Object.keys(parts))
const measured: Record<string, Section> = {}

const measure = async (name: string): Promise<void> => {
  const section = await parts[name]?.()
  if (section === undefined) return
  measured[name] = section
  console.log(section.tables.map(toText).join('\n'))
}

for (const name of chosen) {
  if (name in measured) continue
  const beside = together.find(names => names.includes(name)) ?? [name]
  await Promise.all(beside.filter(each => chosen.includes(each)).map(measure))
}
const missed = Object.values(measured).flatMap(section => section.missed)
for (const sentence of missed) console.log(`missed: ${sentence}`)
// A few of the questions, or tenants, or other requests, are no results to be kept.
if (values.question === undefined && values.tenants === '200' && values.seed === '0')
  await keep(measured, load)
if (missed.length > 0) process.exitCode = 1
