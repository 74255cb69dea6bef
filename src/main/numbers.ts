/** Numbers as they are written on the command line. */
import { InvalidArgumentError } from 'commander'
import { readMoment, unixSecondsOf } from './export-arguments.ts'

/** UNIX seconds, or a moment as elsewhere on the command line. */
export const readSeconds = (text: string): number => {
  if (/^\d+$/.test(text)) return Number(text)
  try {
    return unixSecondsOf(readMoment(text), Date.now())
  } catch (error) {
    throw new InvalidArgumentError(
      `It must be a whole number of seconds since 1970, or a time: it ${(error as Error).message}.`,
    )
  }
}

/** @throws {InvalidArgumentError} where it is none */
export const readPort = (text: string): number => {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= 65_535) return value
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
}
