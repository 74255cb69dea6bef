/** Options that npm took for its own. */
import type { Command } from 'commander'
import { CommandError, type Terminal } from './terminal.ts'

/**
 * Without `--` before them, `npm run` takes options for its own, and hands on what follows them alone.
 *
 * @throws {CommandError} where it did
 */
export const refuseWhatNpmTook = (
  program: Command,
  [name]: readonly string[],
  environment: Terminal['environment'],
): void => {
  if (environment['npm_lifecycle_event'] !== 'pushgraph') return
  const command = program.commands.find(each => each.name() === name)
  const options = [command, ...(command?.commands ?? [])].flatMap(each => each?.options ?? [])
  const taken = options
    .flatMap(({ long }) => long ?? [])
    .find(long => environment[`npm_config_${long.slice(2).replaceAll('-', '_')}`] !== undefined)
  if (name === undefined || taken === undefined) return
  throw new CommandError(
    `npm took ${taken} for an option of its own. Put -- before the command: npm run pushgraph -- ${name} ${taken} ...`,
    2,
  )
}
