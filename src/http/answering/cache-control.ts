/** How old an answer may be, as a caller's `Cache-Control` header says it. */

/** In milliseconds of age. */
export interface Ages {
  /** Rows younger than this are served as they are. */
  readonly maxAgeMs: number
  /** Rows younger than this are served while they are read again. */
  readonly staleMs: number
}

/** The ages of callers who ask for none. */
export interface UsualAges extends Ages {
  /** Whether rows are read again in the background at all; if not, older ones are read again first. */
  readonly refresh: boolean
}

/** Ten years: more than any row's age, and still a time that can be counted back. */
const anyAgeMs = 315_360_000_000

/**
 * The ages that the header asks for: `no-cache` and `max-age=N` narrow the usual ones, `max-stale` and `max-stale=N`
 * (seconds beyond `max-age`) widen them. What cannot be read changes nothing, as HTTP wants it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-5.2.1
 */
export const agesOf = (header: string | undefined, usual: UsualAges): Ages => {
  if (header === undefined) return { maxAgeMs: usual.maxAgeMs, staleMs: usual.staleMs }
  const directives = readDirectives(header)
  if (directives.has('no-cache') || directives.has('no-store')) return { maxAgeMs: 0, staleMs: 0 }

  const asked = seconds(directives.get('max-age'))
  const maxAgeMs = Math.min(usual.maxAgeMs, asked ?? anyAgeMs)
  const staleMs = Math.min(usual.staleMs, asked ?? anyAgeMs)
  if (!directives.has('max-stale')) return { maxAgeMs, staleMs }

  const beyond =
    directives.get('max-stale') === '' ? anyAgeMs : seconds(directives.get('max-stale'))
  if (beyond === undefined) return { maxAgeMs, staleMs }
  const takenMs = Math.min(anyAgeMs, (asked ?? maxAgeMs) + beyond)
  // Where nobody reads them again meanwhile, what the caller takes is served as it is.
  return { maxAgeMs: usual.refresh ? maxAgeMs : takenMs, staleMs: Math.max(staleMs, takenMs) }
}

/** Tells a header as it is so many milliseconds after it was first sent: the answer may be kept for so much less. */
export const aging = (header: string): ((ms: number) => string) => {
  const [stated, seconds] = /\bmax-age=(\d+)/.exec(header) ?? []
  if (stated === undefined) return () => header
  let spent = 0
  let text = header
  return ms => {
    const now = Math.ceil(ms / 1_000)
    if (now !== spent) {
      text = header.replace(stated, `max-age=${Math.max(0, Number(seconds) - now)}`)
      spent = now
    }
    return text
  }
}

const readDirectives = (header: string): ReadonlyMap<string, string> =>
  new Map(
    header.split(',').map(part => {
      const [name = '', value = ''] = part.split('=', 2)
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')]
    }),
  )

/** Milliseconds; undefined where the text is no whole number of seconds. */
const seconds = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Math.min(anyAgeMs, Number(text) * 1000) : undefined
