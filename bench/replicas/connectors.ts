/** A thousand connectors on several replicas: what they take, and what the keys get that are busy. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../processes/product.ts'
import { figure } from '../report/table.ts'
import { roomForCallers } from './rate/busy.ts'
import type { Part } from './part.ts'
import { LIMITS, type SimulatedPush, startPush } from './push/push.ts'
import { type Member, startReader } from './rate/readers.ts'
import { type Replica, startReplicasOf, stopAll, type Surroundings } from './surroundings.ts'

const CONNECTORS = 1_000
const REPLICAS = 4
const BUSY = 50
const TURNS = 2
const TURN_MS = 15_000
/** What is busy has been so for long enough to be counted after so much of its turn; and the next ones begin so much later. */
const COUNTED_FROM_MS = 5_000
const LEFT_MS = 1_000
const PROMISED_SHARE = 0.97
/** Connectors that are asked at a time. */
const AT_ONCE = 50

export const measureConnectors = async (
  surroundings: Surroundings,
): Promise<Readonly<Record<string, Part>>> => {
  const push = await startPush(CONNECTORS)
  try {
    return {
      whole: await measureWhole(surroundings, push),
      busy: await measureBusy(surroundings, push),
    }
  } finally {
    await push.stop()
  }
}

/** Megabytes that a process has resident now. */
const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_000

const measureWhole = async (surroundings: Surroundings, push: SimulatedPush): Promise<Part> => {
  const database = await surroundings.create()
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-bench-connectors-'))
  const environment = {
    ...roomForCallers,
    PUSHGRAPH_CONFIG: push.configure(folder),
    PUSH_WEBHOOK_SECRET: '',
  }
  const from = performance.now()
  const replicas = await startReplicasOf(REPLICAS, { url: '', key: '' }, database, environment)
  const startMs = (performance.now() - from) / REPLICAS
  try {
    const memory = (): readonly number[] => replicas.map(({ pid }) => residentMb(pid))
    const started = memory()
    const refused = await askEach(replicas, push)
    const asked = memory()
    const requests = [...(await push.counts()).values()]
    const overLimit = requests.reduce((sum, of) => sum + of.overLimit, 0)
    const most = (of: readonly number[]): string => figure(Math.round(Math.max(...of)))
    const row = (...cells: readonly [what: string, value: string]) => cells
    return {
      table: {
        title: `${figure(CONNECTORS)} connectors on ${REPLICAS} whole replicas`,
        columns: ['what', 'figure'],
        rows: [
          row('ready to answer after ms', figure(Math.round(startMs))),
          row('memory of a replica then, MB', most(started)),
          row('after one account of each connector was asked for, MB', most(asked)),
          row('told to ask again, as the database was busy', figure(refused)),
          row('429s', figure(overLimit)),
        ],
      },
      figures: { startMs, started, asked, refused, overLimit },
      missed: overLimit > 0 ? [`connectors: ${overLimit} 429s`] : [],
    }
  } finally {
    await stopAll(replicas)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One account of each connector, at each replica in turn. What comes back: how often one was told to ask again. */
const askEach = async (replicas: readonly Replica[], push: SimulatedPush): Promise<number> => {
  const left = [...push.aliases.entries()]
  const [account = ''] = push.accounts
  let refused = 0
  const goOn = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [nth, alias] = next
      const query = `{ account(id: "${account}", connector: "${alias}") { email } }`
      const { errors } = await ask(replicas[nth % replicas.length]?.url ?? '', { query })
      if (errors === undefined) continue
      const [{ extensions } = {}] = errors
      if (extensions?.retryAfterMs === undefined) throw new Error(JSON.stringify(errors))
      refused += 1
      left.push(next)
      await pause(extensions.retryAfterMs)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, goOn))
  return refused
}

interface Turn {
  readonly seconds: number
  readonly arrived: readonly number[]
  readonly overLimit: number
  readonly lowest: number
}

const measureBusy = async (surroundings: Surroundings, push: SimulatedPush): Promise<Part> => {
  const database = await surroundings.create()
  const members: Member[] = []
  const turns: Turn[] = []
  try {
    // The first is late enough for all to have begun.
    const since = Date.now() + TURN_MS
    for (let nth = 0; nth < REPLICAS; nth++)
      members.push(await startReader(database.url, push, { many: BUSY, everyMs: TURN_MS, since }))
    for (let turn = 0; turn < TURNS; turn++) {
      const begins = since + turn * TURN_MS
      await pause(Math.max(0, begins + COUNTED_FROM_MS - Date.now()))
      await push.reset()
      const from = performance.now()
      await pause(Math.max(0, begins + TURN_MS - LEFT_MS - Date.now()))
      const counts = await push.counts()
      const seconds = (performance.now() - from) / 1_000
      const all = [...counts.values()]
      const busy = push.aliases.slice(turn * BUSY, (turn + 1) * BUSY)
      turns.push({
        seconds,
        arrived: busy.map(alias => counts.get(alias)?.arrived ?? 0),
        overLimit: all.reduce((sum, of) => sum + of.overLimit, 0),
        lowest: Math.min(...all.map(of => of.lowest)),
      })
    }
  } finally {
    await Promise.all(members.map(({ stop }) => stop()))
  }
  return report(turns)
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const report = (turns: readonly Turn[]): Part => {
  const shares = turns.map(({ arrived, seconds }) => {
    const all = arrived.reduce((sum, each) => sum + each, 0)
    return {
      mean: all / (LIMITS.rate * seconds * BUSY),
      least: Math.min(...arrived) / (LIMITS.rate * seconds),
    }
  })
  const least = Math.min(...shares.map(of => of.least))
  const overLimit = turns.reduce((sum, of) => sum + of.overLimit, 0)
  return {
    table: {
      title: `${BUSY} of ${figure(CONNECTORS)} keys busy at a time, at ${REPLICAS} replicas`,
      columns: [
        ...['turn', 's', 'requests', '429s', 'lowest level of Push’s bucket'],
        ...['of the rate', 'of the least key’s', 'promised'],
      ],
      rows: turns.map((turn, nth) => [
        String(nth + 1),
        figure(Math.round(turn.seconds)),
        figure(turn.arrived.reduce((sum, each) => sum + each, 0)),
        figure(turn.overLimit),
        turn.lowest.toFixed(1),
        percent(shares[nth]?.mean ?? NaN),
        percent(shares[nth]?.least ?? NaN),
        `each ${percent(PROMISED_SHARE)}, 0 429s`,
      ]),
    },
    figures: turns,
    missed: [
      ...(overLimit > 0 ? [`busy connectors: ${overLimit} 429s`] : []),
      ...(least < PROMISED_SHARE
        ? [`busy connectors: ${percent(least)} of the least key’s rate`]
        : []),
    ],
  }
}
