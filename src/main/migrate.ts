/** `pushgraph migrate`: makes the tables of the shared database, or brings them to the newest version. */
import { prepareDatabase } from '../app.ts'
import { readConfig } from '../config/config.ts'
import { CommandError, say, type Terminal } from './terminal.ts'

/** 0 once they are of the newest version. */
export const runMigrate = async (terminal: Terminal): Promise<number> => {
  const config = readConfig(terminal.environment, terminal.directory)
  const prepared = await prepareDatabase(config)
  if (prepared === undefined)
    throw new CommandError(
      'There is no database to prepare: files of the data folder need none of this. Set PUSHGRAPH_DATABASE_URL.',
      2,
    )
  const { version, taken } = prepared
  say(
    terminal.output,
    taken === 0
      ? `The tables are of version ${version} already.`
      : `The tables are of version ${version} now (${taken} ${taken === 1 ? 'step' : 'steps'}).`,
  )
  return 0
}
