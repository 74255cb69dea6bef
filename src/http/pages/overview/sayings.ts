/** What the page says where an answer is not whole, late, or none: what is the matter, and what to do. */

interface Refused {
  readonly message: string
  readonly extensions?: Readonly<Record<string, unknown>>
}

export const sayRefusal = ({ message, extensions = {} }: Refused): string => {
  const { code, retryAfterMs } = extensions
  const again =
    typeof retryAfterMs === 'number' ? ` It is asked again in ${secondsOf(retryAfterMs)}.` : ''
  switch (code) {
    case 'UNAUTHENTICATED':
      return 'This server asks who you are. Give your token with the button “Token” at the top of the page.'
    case 'FORBIDDEN':
      return sayForbidden(message)
    case 'RATE_LIMITED':
      return `Too many questions wait for Push’s limit of requests.${again || ' Ask again in a minute.'}`
    case 'BUDGET_EXCEEDED':
      return `This takes more than one question may take: ${message}${again || ' Narrow it by connector, department or time range.'}`
    case 'UPSTREAM_TIMEOUT':
    case 'UPSTREAM_UNAVAILABLE':
      return `Push does not answer just now.${again || ' The page asks again by itself.'}`
    case 'UPSTREAM_INVALID':
      return 'Push sent an answer that cannot be read. The server’s log says which.'
    case 'QUERY_NOT_IN_SAFELIST':
      return 'The server answers other documents than those of this page. Reload the page: it may be of an older version.'
    case 'INTERNAL_SERVER_ERROR':
      return 'Something went wrong inside Pushgraph. Its log says what, under the id of this request.'
    default:
      return message
  }
}

const sayForbidden = (message: string): string => {
  if (/`?events`?/.test(message))
    return 'Your token lacks the scope “events”, which this needs: what Push told by webhook, and the past. Ask whoever gave it to you.'
  if (/`?pii`?/.test(message))
    return 'Your token lacks the scope “pii”, which this needs, as it compares what may name a person. Ask whoever gave it to you.'
  return `You may not ask this: ${message}`
}

/** Why a request brought no answer, or one that lacks something. */
export const sayFailure = ({
  networkError,
  graphQLErrors,
}: {
  readonly networkError?: unknown
  readonly graphQLErrors: readonly Refused[]
}): string =>
  networkError === undefined || networkError === null
    ? [...new Set(graphQLErrors.map(error => sayRefusal(error)))].join(' ')
    : 'The server cannot be reached. The page asks again by itself.'

const secondsOf = (ms: number): string => `${Math.ceil(ms / 1_000)} s`

interface Told {
  readonly complete?: boolean
  readonly warnings?: readonly { readonly code?: string; readonly message: string }[]
}

/** What a whole answer lacks as its caller may not see it; undefined where that is nothing. */
export const sayLeftOut = ({ warnings = [] }: Told): string | undefined => {
  const refused = warnings.find(({ code }) => code === 'FORBIDDEN')
  return refused && `Left out: ${sayForbidden(refused.message)}`
}

/** Why an answer is not whole; undefined where it is. */
export const sayIncomplete = ({ complete = true, warnings = [] }: Told): string | undefined => {
  if (complete) return undefined
  const reasons = [...new Set(warnings.map(({ message }) => message))]
  return reasons.length === 0
    ? 'Not whole: some of it could not be read.'
    : `Not whole: ${reasons.join(' ')}`
}

interface Progress {
  readonly requests: number
  readonly expectedRequests: number
  readonly expectedMs: number
  readonly rowsRead: number
  readonly connectors: readonly {
    readonly reason: string | null
    readonly estimatedWaitMs: number
  }[]
}

export interface HowFar {
  /** From 0 to 1; undefined where nobody knows. */
  readonly share: number | undefined
  readonly text: string
}

/** How far an answer is that takes its time, `passedMs` after it was asked for; `progress` is what the server says. */
export const sayProgress = (progress: Progress | undefined, passedMs: number): HowFar => {
  if (progress === undefined)
    return { share: undefined, text: `Asking, ${secondsOf(passedMs)} so far` }
  const { requests, expectedRequests, expectedMs, connectors } = progress
  const reason = connectors.find(each => each.reason !== null)?.reason
  const failing = reason === undefined ? '' : ` ${reason}`
  if (expectedRequests === 0)
    return { share: undefined, text: `Counting, nothing left to read.${failing}` }
  const wait = Math.max(0, ...connectors.map(({ estimatedWaitMs }) => estimatedWaitMs))
  const share = Math.min(1, requests / expectedRequests)
  // At the pace so far, or else as planned.
  const planned = Math.max(expectedMs - passedMs, wait)
  const left = requests > 2 ? ((1 - share) * passedMs) / share : planned
  if (requests === 0)
    return { share, text: `Waiting for its turn at Push: ${expectedRequests} requests.${failing}` }
  return {
    share,
    text: `Reading from Push: ${requests} of ${Math.max(requests, expectedRequests)} requests, about ${secondsOf(left)} left.${failing}`,
  }
}
