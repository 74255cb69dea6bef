/** What is said of exports, whichever way they are made. */
import type { ConnectorsFailedError } from '../export/export.ts'

/** Such as `1,234 objects`. */
export const countObjects = (objects: number): string =>
  `${objects.toLocaleString('en-US')} ${objects === 1 ? 'object' : 'objects'}`

/** Why each of them failed; with its name where there are several. */
export const sayFailures = ({ failures }: ConnectorsFailedError): string => {
  const [only, ...others] = failures
  if (only !== undefined && others.length === 0) return only.failure.message
  return failures
    .map(({ part, failure }) => `Connector ${part.connector}: ${failure.message}`)
    .join('\n')
}
