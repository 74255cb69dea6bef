import { BadInputError } from '../errors.ts'

const pattern =
  /^P(?!$)(\d+(?:[.,]\d+)?W)?(\d+(?:[.,]\d+)?D)?(?:T(?!$)(\d+(?:[.,]\d+)?H)?(\d+(?:[.,]\d+)?M)?(\d+(?:[.,]\d+)?S)?)?$/

const secondsOf = [604_800, 86_400, 3_600, 60, 1] as const

/** As people write it: one number of weeks, days, hours, minutes or seconds. */
const short = /^(\d+(?:[.,]\d+)?)([WDHMS])$/

/**
 * The length of an ISO 8601 duration of weeks, days, hours, minutes and seconds, or of `7d` and the like, in seconds.
 *
 * @throws {BadInputError} when the text is no such duration; years and months have no fixed length.
 */
export const durationSeconds = (text: string, path: string): number => {
  const written = text.toUpperCase()
  const [, number = '', unit = ''] = short.exec(written) ?? []
  if (unit !== '') return Number(number.replace(',', '.')) * (secondsOf['WDHMS'.indexOf(unit)] ?? 0)
  const parts = pattern.exec(written)
  if (parts === null)
    throw new BadInputError(
      `${path} must be an ISO 8601 duration without years and months, such as P7D or PT12H, or 7d, 12h or 30m`,
      path,
    )
  return secondsOf.reduce((sum, seconds, index) => {
    const part = parts[index + 1]
    return part === undefined ? sum : sum + seconds * Number(part.slice(0, -1).replace(',', '.'))
  }, 0)
}
