/** Reads `Retry-After` in both its forms: seconds, or a date of HTTP. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>

/**
 * Milliseconds to wait, never below 0; undefined where the header is absent or says nothing readable.
 * A date counts from the answer's own `Date` where there is one: the two clocks need not agree.
 */
export const readRetryAfter = (headers: Headers, now: number): number | undefined => {
  const text = single(headers['retry-after'])?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const until = parseHttpDate(text)
  if (Number.isNaN(until)) return undefined
  const sent = parseHttpDate(single(headers['date'])?.trim() ?? '')
  return Math.max(0, until - (Number.isNaN(sent) ? now : sent))
}

/** Milliseconds since 1970 of a date in any of HTTP's three forms, all of which are in UTC; NaN where it is none. */
const parseHttpDate = (text: string): number => {
  // Every form begins with the day's name; the parser would make years of numbers.
  if (!/^[A-Z]/i.test(text)) return NaN
  // That of asctime, `Sun Nov  6 08:49:37 1994`, does not say so, and the parser would take it for local time.
  return Date.parse(/\d$/.test(text) ? `${text} GMT` : text)
}

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0]
