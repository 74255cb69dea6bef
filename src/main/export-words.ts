/** What is said of exports, whichever way they are made. */
import { GatewayError } from '../errors.ts'
import { ProgressUnreadableError } from '../export/changes/progress-file.ts'
import type { ConnectorsFailedError } from '../export/export.ts'
import { TargetError } from '../export/target.ts'
import { LockedError } from '../model/system/file-lock.ts'
import { CommandError } from './terminal.ts'
import { writeFailure } from './write-failure.ts'

/** Such as `1,234 objects`. */
export const countObjects = (objects: number): string =>
  `${objects.toLocaleString('en-US')} ${objects === 1 ? 'object' : 'objects'}`

type Failure = ConnectorsFailedError['failures'][number]['failure']

/** Why each of them failed; with its name where there are several. */
export const sayFailures = (
  { failures }: ConnectorsFailedError,
  wordsFor = (failure: Failure): string => failure.message,
): string => {
  const [only, ...others] = failures
  if (only !== undefined && others.length === 0) return wordsFor(only.failure)
  return failures
    .map(({ part, failure }) => `Connector ${part.connector}: ${wordsFor(failure)}`)
    .join('\n')
}

/** The failure as a sentence with the way out; undefined for what nobody foresaw. */
export const failureWords = (error: unknown): string | undefined =>
  error instanceof TargetError || error instanceof GatewayError
    ? error.message
    : writeFailure(error)

/**
 * What the command ends with that failed so: those words, with exit code 2 where something stands in the way of the export and 1
 * where it was broken off; what nobody foresaw, of which there are none, as it is.
 */
export const commandEndOf = (error: unknown, words: string | undefined): unknown => {
  const isInTheWay = inTheWay.some(of => error instanceof of)
  return words === undefined ? error : new CommandError(words, isInTheWay ? 2 : 1, error)
}

const inTheWay = [TargetError, LockedError, ProgressUnreadableError]
