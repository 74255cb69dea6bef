/** `pushgraph check`: tries the shared database, where there is one, the key on every list, and the sinks, a line each. */
import type { CheckedList, PushgraphApp } from '../app.ts'
import { readConfig } from '../config/config.ts'
import { systemClock } from '../model/clock.ts'
import { openApp } from './open-app.ts'
import { CommandError, say, type Terminal } from './terminal.ts'
import { showWaiting } from './waiting.ts'

/** 0 where every list can be read, and the database and the sinks will do, else 1. */
export const check = async (terminal: Terminal): Promise<number> => {
  if (!(await tryDatabase(terminal))) return 1
  // What the log would say, the table says.
  const { app, config } = await openApp(terminal, terminal.errors, 'silent')
  try {
    // What would keep a server from beginning is told, too.
    await app.prepare()
    if (app.isDemo) {
      await trySinks(terminal, app)
      throw new CommandError(
        'There is no key to check. Set PUSH_API_KEY or PUSH_API_KEY_FILE, or PUSHGRAPH_CONFIG for several tenants.',
        2,
      )
    }
    if (config.logLevel === 'info') for (const slip of config.warnings) say(terminal.errors, slip)
    say(terminal.output, toLine(['connector', 'list', 'status', 'latency', 'rows', 'the key']))
    const lists = await tryAll(terminal, app)
    say(terminal.output)
    for (const { connector, name, verdict } of app.learnt())
      say(terminal.output, `Learnt of ${connector}: ${name}: ${verdict}`)
    for (const { alias, url } of config.connectors)
      for (const line of reasonsOf(alias, url, lists)) say(terminal.output, line)
    const isReached = await trySinks(terminal, app)
    const failed = lists.filter(({ ok }) => !ok).length
    say(
      terminal.output,
      failed === 0
        ? `All ${lists.length} lists can be read. Whether the key may also write was not tried: a check changes nothing.`
        : `${failed} of ${lists.length} lists cannot be read.`,
    )
    return failed === 0 && isReached ? 0 : 1
  } finally {
    await app.stop(0)
  }
}

/** Whether the database will do; true where none is shared. */
const tryDatabase = async (terminal: Terminal): Promise<boolean> => {
  const { databaseUrl, databaseListenUrl } = readConfig(terminal.environment, terminal.directory)
  if (databaseUrl === undefined) return true
  const { examineDatabase } = await import('../postgres/connecting/examine.ts')
  const findings = await examineDatabase(databaseUrl(), systemClock, databaseListenUrl?.())
  for (const { about, verdict, finding } of findings)
    say(
      terminal.output,
      `${'database'.padEnd(12)}  ${about.padEnd(20)}  ${verdict.padEnd(20)}  ${finding}`,
    )
  say(terminal.output)
  return findings.every(({ verdict }) => verdict !== 'failed')
}

/** Whether each sink's receiver can be reached; a line for each. */
const trySinks = async (terminal: Terminal, app: PushgraphApp): Promise<boolean> => {
  let isReached = true
  for await (const { sink, kind, ok, finding } of app.trySinks()) {
    isReached &&= ok
    say(terminal.output, `Sink ${sink} (${kind}): ${ok ? '' : 'cannot be reached: '}${finding}`)
  }
  return isReached
}

const tryAll = async (terminal: Terminal, app: PushgraphApp): Promise<readonly CheckedList[]> => {
  const lists: CheckedList[] = []
  const wait = () =>
    showWaiting(terminal, systemClock, seconds => `Push has been asked for ${seconds} s`)
  let endWaiting = wait()
  try {
    for await (const list of app.check()) {
      endWaiting()
      lists.push(list)
      say(terminal.output, toLine(columnsOf(list)))
      endWaiting = wait()
    }
  } finally {
    endWaiting()
  }
  return lists
}

/** Why lists of a connector cannot be read, each reason once with the lists that it holds for. */
const reasonsOf = (
  connector: string,
  url: string,
  lists: readonly CheckedList[],
): readonly string[] => {
  const own = lists.filter(list => list.connector === connector)
  const failed = own.filter(({ rows }) => rows === null)
  const lines = [...Map.groupBy(failed, ({ finding }) => finding)].map(
    ([reason, { length }]) => `${connector}, ${length} of ${own.length} lists: ${reason}`,
  )
  const isAddress =
    failed.length === own.length && failed.every(({ status }) => isOfAddress(status))
  if (failed.length > 0 && isAddress && url !== PUSH_URL)
    lines.push(
      `${connector}: if the key is right, the address is not: PUSH_API_URL (or url of the connector) is ${url}; that of Push's API is ${PUSH_URL}. Push refuses every key at a path that it does not know.`,
    )
  return lines
}

const PUSH_URL = 'https://api.pushsecurity.com/v1'

/** A wrong path is answered so too. */
const isOfAddress = (status: string): boolean => ['401', '403', '404'].includes(status)

const columnsOf = ({ connector, path, status, latencyMs, rows, more, finding }: CheckedList) => [
  connector,
  path,
  status,
  `${latencyMs} ms`,
  rows === null ? '-' : `${rows}${more ? '+' : ''}`,
  rows === null ? 'may not read' : finding,
]

const widths = [12, 20, 20, 9, 6, 0]

const toLine = (columns: readonly string[]): string =>
  columns
    .map((column, index) => column.padEnd(widths[index] ?? 0))
    .join('  ')
    .trimEnd()
