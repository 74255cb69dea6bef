/** `pushgraph check`: tries the key on every list, a line each. */
import { openApp } from './open-app.ts'
import { CommandError, say, type Terminal } from './terminal.ts'
import type { CheckedList } from '../app.ts'

/** 0 where every list can be read, else 1. */
export const check = async (terminal: Terminal): Promise<number> => {
  const { app } = await openApp(terminal, terminal.errors, true)
  try {
    if (app.isDemo)
      throw new CommandError(
        'There is no key to check. Set PUSH_API_KEY or PUSH_API_KEY_FILE, or PUSHGRAPH_CONFIG for several tenants.',
        2,
      )
    say(terminal.output, toLine(['connector', 'list', 'status', 'latency', 'rows', 'the key']))
    let failed = 0
    let tried = 0
    for await (const list of app.check()) {
      tried++
      if (!list.ok) failed++
      say(terminal.output, toLine(columnsOf(list)))
    }
    say(terminal.output)
    for (const { connector, name, verdict } of app.learnt())
      say(terminal.output, `Learnt of ${connector}: ${name}: ${verdict}`)
    say(
      terminal.output,
      failed === 0
        ? `All ${tried} lists can be read. Whether the key may also write was not tried: a check changes nothing.`
        : `${failed} of ${tried} lists cannot be read.`,
    )
    return failed === 0 ? 0 : 1
  } finally {
    await app.stop(0)
  }
}

const columnsOf = (list: CheckedList): readonly string[] => [
  list.connector,
  list.path,
  list.status,
  `${list.latencyMs} ms`,
  list.rows === null ? '-' : `${list.rows}${list.more ? '+' : ''}`,
  list.finding,
]

const widths = [12, 20, 20, 9, 6, 0]

const toLine = (columns: readonly string[]): string =>
  columns
    .map((column, index) => column.padEnd(widths[index] ?? 0))
    .join('  ')
    .trimEnd()
