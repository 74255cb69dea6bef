/** Moments as texts: between UNIX seconds and RFC 3339. */
import { BadInputError, GatewayError } from '../../errors.ts'
import { isUnixTime } from '../../model/values.ts'

const SECONDS_A_DAY = 86_400

/**
 * A moment in UNIX seconds as `2024-05-01T12:00:00Z`, with milliseconds where it has a fraction. By arithmetic, since
 * an answer may hold thousands of them and a Date costs several times as much.
 *
 * @throws {GatewayError} UPSTREAM_INVALID for a moment outside the years 1 to 9999, which has no such text.
 */
export const formatDateTime = (seconds: number): string => {
  const milliseconds = Number.isInteger(seconds) ? 0 : millisecondOf(seconds)
  const whole = Number.isInteger(seconds)
    ? seconds
    : (Math.round(seconds * 1000) - milliseconds) / 1000
  if (!isUnixTime(whole))
    throw new GatewayError('UPSTREAM_INVALID', 'A moment lies outside the years 1 to 9999')

  const day = Math.floor(whole / SECONDS_A_DAY)
  const second = whole - day * SECONDS_A_DAY
  const hour = Math.floor(second / 3600)
  const minute = Math.floor(second / 60) % 60
  const time = `${pad(hour)}:${pad(minute)}:${pad(second % 60)}`
  const fraction = milliseconds === 0 ? '' : `.${String(milliseconds).padStart(3, '0')}`
  return `${formatDay(day)}T${time}${fraction}Z`
}

const millisecondOf = (seconds: number): number => {
  const rest = Math.round(seconds * 1000) % 1000
  return rest < 0 ? rest + 1000 : rest
}

/**
 * The date of a day counted from 1970-01-01. Years begin in March here, so that a leap day is the last of its year;
 * 146,097 days are 400 years.
 *
 * @see https://howardhinnant.github.io/date_algorithms.html#civil_from_days
 */
const formatDay = (day: number): string => {
  const since = day + 719_468
  const era = Math.floor(since / 146_097)
  const dayOfEra = since - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(dayOfMonth)}`
}

const pad = (number: number): string => (number < 10 ? `0${number}` : `${number}`)

const day = /^\d{4}-\d{2}-\d{2}$/

const pattern =
  /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/i

/**
 * The UNIX seconds of an RFC 3339 date-time, or of the beginning of a day (UTC). A fraction, however small, keeps the moment strictly between its whole
 * seconds, so that comparing it with a time in whole seconds is exact.
 *
 * @throws {BadInputError} when the text is no such date-time or names a day or time that there is not.
 */
export const readDateTime = (text: string): number => {
  if (day.test(text)) return midnightOf(text)
  const parts = pattern.exec(text)
  if (parts === null)
    throw new BadInputError(
      'A DateTime is a date and a time with Z or an offset, such as 2024-05-01T12:00:00Z or 2024-05-01T14:00:00+02:00, or a day such as 2024-05-01',
    )

  const [, date = '', hour = '', minute = '', second = '', fraction = '', sign, ...offset] = parts
  const midnight = midnightOf(date)
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    throw new BadInputError('A DateTime runs from 00:00:00 to 23:59:59; leap seconds are not known')

  const [offsetHour = 0, offsetMinute = 0] = offset.map(part => Number(part ?? 0))
  if (offsetHour > 23 || offsetMinute > 59)
    throw new BadInputError('The offset of a DateTime runs from -23:59 to +23:59')

  const ahead = (offsetHour * 3600 + offsetMinute * 60) * (sign === '-' ? -1 : 1)
  const whole = midnight + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - ahead
  return addFraction(whole, fraction)
}

const midnightOf = (date: string): number => {
  const milliseconds = Date.parse(`${date}T00:00:00Z`)
  // A day past the end of its month would be taken for one of the next.
  const exists =
    !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(date)
  if (!exists) throw new BadInputError(`There is no day ${date}`)
  return milliseconds / 1000
}

/** Less than any fraction that tells two milliseconds apart, and exact beside every second of the years 0 to 9999. */
const LEAST_FRACTION = 2 ** -14

const addFraction = (whole: number, digits: string): number => {
  if (!/[1-9]/.test(digits)) return whole
  // Milliseconds become the very number that dividing a clock's milliseconds by 1000 gives.
  const moment =
    digits.length <= 3
      ? (whole * 1000 + Number(digits.padEnd(3, '0'))) / 1000
      : whole + Number(`0.${digits}`)
  if (moment <= whole) return whole + LEAST_FRACTION
  if (moment >= whole + 1) return whole + 1 - LEAST_FRACTION
  return moment
}
