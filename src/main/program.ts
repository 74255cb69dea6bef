/** The command line: what comes of a run, and how the program is explained. */
import { Command, CommanderError } from 'commander'
import { variableHelp } from '../config/config.ts'
import { ConfigError, GatewayError } from '../errors.ts'
import { EventFileError } from '../events/event-file.ts'
import { DatabaseUnavailable, DatabaseUnusable } from '../postgres/connecting/failures.ts'
import { StateError } from '../upstream/state/state-file.ts'
import { addCommands, type Keep } from './commands.ts'
import { refuseWhatNpmTook } from './npm-options.ts'
import { CommandError, say, type Terminal } from './terminal.ts'

/**
 * Runs what the arguments ask for. 0: it went well. 1: it failed. 2: it was asked for wrongly, or the settings
 * cannot be used. `errors` says in a sentence what failed.
 */
export const run = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  try {
    return await parse(args, terminal)
  } catch (error) {
    // Commander has said its own by then.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const exitCode = exitCodeOf(error)
    if (exitCode !== undefined) {
      say(terminal.errors, (error as Error).message)
      return exitCode
    }
    say(terminal.errors, error instanceof Error ? (error.stack ?? error.message) : String(error))
    say(terminal.errors, 'This is a fault of Pushgraph; please report it with the lines above.')
    return 1
  }
}

const foreseen = [
  StateError,
  EventFileError,
  GatewayError,
  DatabaseUnavailable,
  DatabaseUnusable,
] as const

/** Undefined for a failure that nobody foresaw. */
const exitCodeOf = (error: unknown): number | undefined => {
  if (error instanceof CommandError) return error.exitCode
  if (error instanceof ConfigError) return 2
  return foreseen.some(kind => error instanceof kind) ? 1 : undefined
}

const parse = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  let exitCode = 0
  const keep: Keep = async running => {
    exitCode = await running
  }
  const program = new Command('pushgraph')
    .description('One GraphQL graph over Push Security. Without a command, it serves.')
    .version(terminal.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showHelpAfterError('Run it with --help to see what it takes.')
    .exitOverride()
    .configureOutput({
      writeOut: text => terminal.output.write(text),
      writeErr: text => terminal.errors.write(text),
    })
  addCommands(program, terminal, keep)

  refuseWhatNpmTook(program, args, terminal.environment)
  for (const command of [program, ...program.commands.filter(needsSettings)])
    command.addHelpText('after', settingsHelp)
  for (const command of program.commands)
    command.version(terminal.version, '-V, --version', 'print the version')

  await program.parseAsync([...args], { from: 'user' })
  return exitCode
}

const needsSettings = (command: Command): boolean => !['schema', 'token'].includes(command.name())

const settingsHelp = [
  '',
  'Settings, from the environment or from .env in this folder:',
  ...variableHelp.map(([name, meaning]) => `  ${name.padEnd(31)} ${meaning}`),
  '',
].join('\n')
