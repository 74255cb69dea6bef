/** The same graph over rows that it read itself, and over such as came back from disk: suites run over both. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openAnswers } from '../../src/answers/open-answers.ts'
import { systemClock } from '../../src/model/clock.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { createGraph, type Graph, type GraphOptions } from './graph.ts'

/** For suites of what a graph answers that has read everything: how it came by the rows. */
export const waysToRows = [
  {
    rows: 'that it read',
    create: async (options: GraphOptions): Promise<Graph> => {
      const graph = await createGraph(options)
      await readAll(graph)
      return graph
    },
  },
  { rows: 'that came back from disk', create: (of: GraphOptions) => createGraphFromDisk(of) },
] as const

/** These, and one that reads what it is asked for. */
export const allWaysToRows = [
  { rows: 'that it reads', create: createGraph },
  ...waysToRows,
] as const

export type WayToRows = (typeof waysToRows)[number]

/** Such a graph, closed when the running test ends. */
export const warmGraphForTest = async (
  { create }: WayToRows,
  options: GraphOptions,
): Promise<Graph> => {
  const graph = await create(options)
  onTestFinished(graph.close)
  return graph
}

/** Another process has read everything from the same stand-ins, and left it in a data folder. */
const createGraphFromDisk = async (options: GraphOptions): Promise<Graph> => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-'))
  const open = () =>
    openAnswers({
      directory,
      clock: options.clock ?? systemClock,
      maxBytes: 1e9,
      keepMs: 1e9,
      dataKeys: [],
    })
  const statePath = join(directory, 'state.db')
  const kept = open()
  // It stays as it is: its stand-ins end with it.
  const first = await createGraph({ ...options, statePath, answers: kept })
  await readAll(first)
  await kept.close()
  const answers = open()
  const graph = await createGraph({ ...options, statePath, answers, over: first.standIns })
  const requests = await readAll(graph)
  if (requests > 0) throw new Error(`${requests} requests for what is kept`)
  return {
    ...graph,
    close: async () => {
      await graph.close()
      await answers.close()
      await first.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const readAll = async (graph: Graph): Promise<number> => {
  const lists = collectionNames.map(name => `${name} { totalCount }`)
  const { requests, errors } = await graph.run(`{ ${lists.join(' ')} }`)
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  return requests
}
