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
  // Every form of an HTTP date begins with the day's name; the parser would make years of numbers.
  const until = /^[A-Z]/i.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(until)) return undefined
  const sent = Date.parse(single(headers['date']) ?? '')
  return Math.max(0, until - (Number.isNaN(sent) ? now : sent))
}

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0]
