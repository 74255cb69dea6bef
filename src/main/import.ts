/** `pushgraph import`: takes a data folder over into the database that replicas share. */
import { resolve } from 'node:path'
import { importFolder, NothingToImport, StillServed } from '../app.ts'
import { readConfig } from '../config/config.ts'
import { systemClock } from '../model/clock.ts'
import { NotEmpty } from '../postgres/importing/import-events.ts'
import { CommandError, say, type Terminal } from './terminal.ts'
import { showWaiting } from './waiting.ts'

/** 0 once all of it is over. */
export const runImport = async (terminal: Terminal, given: string | undefined): Promise<number> => {
  const config = readConfig(terminal.environment, terminal.directory)
  const folder = given === undefined ? config.dataDirectory : resolve(terminal.directory, given)
  let over = 0
  const endWaiting = showWaiting(
    terminal,
    systemClock,
    seconds => `${over} events are over after ${seconds} s`,
  )
  try {
    const { events, changes, rows, facts, writes, wasTaken } = await importFolder(
      config,
      folder,
      systemClock,
      events => {
        over = events
      },
    )
    say(
      terminal.output,
      wasTaken
        ? `Events, changes and known rows of ${folder} were all taken over before, and are not once more.`
        : `Taken over from ${folder}: ${count(events, 'event')}, ${count(changes, 'change')}, ${count(rows, 'known row')}, ${count(facts, 'learnt fact')} and ${count(writes, 'recorded write')}.`,
    )
    say(
      terminal.errors,
      "Push's answers stay behind, and are read again. Start no server on the folder any more: what it took, the replicas would not have.",
    )
    return 0
  } catch (error) {
    if (error instanceof NothingToImport) throw new CommandError(error.message, 2, error)
    if (error instanceof NotEmpty || error instanceof StillServed)
      throw new CommandError(error.message, 1, error)
    throw error
  } finally {
    endWaiting()
  }
}

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`
