/** The app as a command opens it: settings read, slips told, log begun. */
import type { Writable } from 'node:stream'
import { createApp, type PushgraphApp, type StartTerms } from '../app.ts'
import { readConfig, type Config } from '../config/config.ts'
import { createLog, type AppLog } from '../http/logging/log.ts'
import { systemClock } from '../model/clock.ts'
import type { Terminal } from './terminal.ts'

export interface Opened {
  readonly app: PushgraphApp
  readonly config: Config
  readonly log: AppLog
}

/**
 * The app of the terminal's settings, with its log going to `logTo`. Commands that print an answer keep their log
 * to a level of their own, unless another one was set.
 *
 * @throws {ConfigError} when the settings cannot be used
 */
export const openApp = async (
  terminal: Terminal,
  logTo: Writable,
  level: Config['logLevel'] = 'info',
  { awaitsDatabase }: Pick<StartTerms, 'awaitsDatabase'> = {},
): Promise<Opened> => {
  const config = readConfig(terminal.environment, terminal.directory)
  const log = createLog({
    level: config.logLevel === 'info' ? level : config.logLevel,
    readable: terminal.isInteractive,
    destination: logTo,
  })
  for (const warning of config.warnings) log.warn(warning)
  const readAgain = (): Config => readConfig(terminal.environment, terminal.directory)
  const app = await createApp(config, log, systemClock, readAgain, {
    stopped: terminal.stopped,
    awaitsDatabase,
  })
  return { app, config, log }
}
