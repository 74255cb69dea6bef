/** `pushgraph forget`: erases what the data folder or the shared database holds of a connector, or of a person. */
import { AnswersUnavailable } from '../answers/contract.ts'
import { forgetKept, type ForgottenCounts } from '../app.ts'
import { readConfig } from '../config/config.ts'
import { EventsUnavailable, type ToForget } from '../events/events.ts'
import { systemClock } from '../model/clock.ts'
import { CommandError, say, type Terminal } from './terminal.ts'
import { showWaiting } from './waiting.ts'

export interface ForgetOptions {
  readonly connector?: string
  readonly email?: string
}

/** 0 once nothing of it is left, whether or not there was anything; 1 where that cannot be said. */
export const runForget = async (terminal: Terminal, options: ForgetOptions): Promise<number> => {
  const what = readWhat(options)
  const config = readConfig(terminal.environment, terminal.directory)
  const isShared = config.databaseUrl !== undefined
  const place = isShared ? 'the shared database' : config.dataDirectory
  const endWaiting = showWaiting(
    terminal,
    systemClock,
    seconds =>
      `${isShared ? 'The database' : 'The data folder'} has been looked through for ${seconds} s`,
  )
  let gone: ForgottenCounts
  try {
    gone = await forgetKept(config, what, systemClock)
  } catch (error) {
    if (!(error instanceof EventsUnavailable || error instanceof AnswersUnavailable)) throw error
    throw new CommandError(
      `Not everything could be erased: ${error.message.replace(/\.$/, '')}. Run it again; if that does not help, stop ${isShared ? 'the replicas' : 'the server on this folder'} first.`,
      1,
      error,
    )
  } finally {
    endWaiting()
  }
  const isServed = config.connectors.some(
    ({ alias }) => what.kind === 'connector' && alias === what.alias,
  )
  if (what.kind === 'connector' && !isServed && Object.values(gone).every(number => number === 0))
    throw new CommandError(
      `There is no connector ${what.alias} in the settings, and nothing of one in ${place}. The settings name: ${config.connectors.map(({ alias }) => alias).join(', ') || 'none'}.`,
      1,
    )
  say(
    terminal.output,
    `Erased from ${place}: ${count(gone.events, 'stored event')}, ${count(gone.rows, 'known row')}, ${count(gone.changes, 'change')} and ${count(gone.answers, 'kept answer')}.`,
  )
  if (gone.quarantined > 0)
    say(
      terminal.output,
      `Erased from quarantines of sinks in ${config.dataDirectory}: ${count(gone.quarantined, 'item')}.`,
    )
  for (const line of restOf(what, isServed, isShared, config.sinks.length > 0))
    say(terminal.errors, line)
  return 0
}

/** @throws {CommandError} where it is not said what is to be forgotten */
const readWhat = ({ connector, email }: ForgetOptions): ToForget => {
  if ((connector === undefined) === (email === undefined))
    throw new CommandError(
      'Name what is to be forgotten: either --connector ALIAS or --email ADDRESS',
      2,
    )
  if (connector !== undefined) {
    if (/^[a-z0-9][a-z0-9_-]{0,62}$/.test(connector)) return { kind: 'connector', alias: connector }
    throw new CommandError('--connector must be the alias of a connector', 2)
  }
  // Anything shorter would be in nearly everything.
  if (/^[^\s@]+@[^\s@]+$/.test(email ?? '')) return { kind: 'text', text: email ?? '' }
  throw new CommandError('--email must be a whole address, such as ann@example.com', 2)
}

/** What this does not reach. */
const restOf = (
  { kind }: ToForget,
  isServed: boolean,
  isShared: boolean,
  hasSinks: boolean,
): readonly string[] => [
  isShared
    ? 'Replicas that run have in memory what they read before: restart them now.'
    : 'A server that runs on this folder has in memory what it read before: restart it now.',
  ...(kind === 'text'
    ? [
        'What Push itself still knows of the address comes back with the next read: delete it there first.',
      ]
    : []),
  ...(hasSinks
    ? [
        `What sinks have sent is with their receivers: erase it there.${isShared ? ' What they refused stands in the data folder of each replica: run this with each of them.' : ''}`,
      ]
    : []),
  ...(isServed
    ? ['The connector is still in the settings: what is asked of it from now on is kept again.']
    : []),
]

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`
