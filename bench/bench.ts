/**
 * `npm run bench`: what Pushgraph costs and how fast it is, beside the least possible and beside others.
 * `npm run bench -- --help` says what it may be called with.
 *
 * Writes `bench/results.json` and `docs/performance.md`, and ends with exit code 1 where a promise is not kept.
 */
import { loadavg } from 'node:os'
import { measureAgents } from './agents/agents.ts'
import { readArguments, usage } from './arguments.ts'
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

/** Says in a line what it was called with that it cannot take. */
const orRefuse = <T>(read: () => T): T => {
  try {
    return read()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}. See --help.`)
    process.exit(2)
  }
}

const asked = orRefuse(() => readArguments(process.argv.slice(2)))
const { only, question, runs, seconds, seed, tenants } = asked

const parts: Readonly<Record<string, () => Promise<Section>>> = {
  requests: () => measureRequests(runs, question),
  peers: () => measurePeers(),
  serving: () => measureServing(runs),
  agents: () => measureAgents(),
  emulation: async () => measureEmulation(),
  memory: () => measureMemory(),
  start: () => measureStart(runs),
  restart: () => measureRestart(),
  ...replicaParts({ isFull: asked.full, before: asked.before }),
  tenants: () => measureTenants(tenants),
  growth: () => measureGrowth(),
  large: () => measureLarge(),
  lake: () => measureLake(),
  steady: () => measureSteady(),
  // All parts together leave less time for this one.
  fair: () => measureFair(only === undefined ? 0.1 : 1, seed, question),
  sinks: () => measureSinks(seconds),
  webhooks: () => measureWebhooks(seconds),
}

if (asked.help) {
  console.log(usage(Object.keys(parts)))
  process.exit(0)
}

/** These wait for the stand-in rather than work, and can be measured at one time. */
const together: readonly (readonly string[])[] = [['peers', 'large']]

const [load = NaN] = loadavg()
const chosen = orRefuse(() => chooseParts(only, Object.keys(parts)))
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
if (question === undefined && tenants === 200 && seed === 0) await keep(measured, load)
if (missed.length > 0) process.exitCode = 1
