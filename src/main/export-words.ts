/** What is said of exports, whichever way they are made. */
import type { ConnectorsFailedError } from '../export/export.ts'

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
