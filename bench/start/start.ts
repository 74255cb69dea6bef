/** How long a server takes from its start until it is ready. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startChild } from '../processes/child.ts'
import { npmStart, npmStartEnvironment } from '../processes/product.ts'
import { startStandIn } from '../processes/stand-in.ts'
import { median, type Section } from '../report/section.ts'
import { figure } from '../report/table.ts'

const PROMISED_MS = 2_000

export const measureStart = async (runs: number): Promise<Section> => {
  const standIn = await startStandIn(1)
  const ways: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'with the demo tenant (no key set)': {},
    'with a key': { PUSH_API_KEY: standIn.key, PUSH_API_URL: standIn.url },
  }
  const times = new Map(Object.keys(ways).map((name): [string, number[]] => [name, []]))
  for (let run = 0; run < runs; run++)
    for (const [name, environment] of Object.entries(ways))
      times.get(name)?.push(await startOnce(environment))
  await standIn.stop()

  const figures = [...times].map(([name, of]) => ({
    name,
    ms: median(of),
    worstMs: Math.max(...of),
  }))
  return {
    title: 'Start',
    method: `From the start of the process until \`/readyz\` answers 200: median and worst of ${runs}.`,
    tables: [
      {
        title: 'From start to ready',
        columns: ['server', 'ms', 'worst ms', 'promised ms'],
        rows: figures.map(({ name, ms, worstMs }) => [
          name,
          figure(Math.round(ms)),
          figure(Math.round(worstMs)),
          figure(PROMISED_MS),
        ]),
      },
    ],
    charts: [],
    figures,
    missed: figures
      .filter(({ ms }) => ms > PROMISED_MS)
      .map(({ name, ms }) => `start ${name}: ${Math.round(ms)} ms`),
  }
}

const startOnce = async (environment: Readonly<Record<string, string>>): Promise<number> => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-start-'))
  const start = performance.now()
  const server = await startChild(npmStart, {
    environment: {
      ...npmStartEnvironment,
      PORT: '0',
      PUSHGRAPH_DATA_DIR: directory,
      LOG_LEVEL: 'warn',
      ...environment,
    },
    directory,
    ready: /GraphQL {3}(http\S+)\/graphql/,
  })
  while (!(await fetch(`${server.said}/readyz`)).ok) await pause(5)
  const ms = performance.now() - start
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
  return ms
}
