/** What the address bar says of the page: the view and its filters. It stands behind the #, so that it never reaches a server. */

export const VIEWS = ['overview', 'people', 'apps', 'findings', 'detections', 'activity'] as const

/** Days that a view looks back. */
export const RANGES = [7, 30, 90] as const

/** What a link leads to: a view, or one object, or a search. */
export type ViewName = (typeof VIEWS)[number] | 'person' | 'app' | 'search'

export interface Address {
  readonly view: ViewName
  readonly days: number
  readonly connector?: string
  readonly department?: string
  /** Of a person or an app; `of` is the connector that it is of. */
  readonly id?: string
  readonly of?: string
  /** What is looked for. */
  readonly value?: string
}

const DAYS = 30

const places: ReadonlySet<string> = new Set([...VIEWS, 'person', 'app', 'search'])
const texts = ['connector', 'department', 'id', 'of', 'value'] as const

/** Reads what stands behind the #; whatever makes no sense there is as if it were absent. */
export const readAddress = (hash: string): Address => {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2)
  const given = new URLSearchParams(query)
  const days = Number(given.get('days'))
  return {
    view: places.has(path) ? (path as ViewName) : 'overview',
    days: RANGES.some(each => each === days) ? days : DAYS,
    ...Object.fromEntries(
      texts.flatMap(name => {
        const value = given.get(name)?.trim()
        return value ? [[name, value]] : []
      }),
    ),
  }
}

/** Writes it, with what is usual left out. `readAddress` gives the same back. */
export const writeAddress = ({ view, days, ...others }: Address): string => {
  const query = new URLSearchParams()
  if (days !== DAYS) query.set('days', String(days))
  for (const name of texts) if (others[name] !== undefined) query.set(name, others[name])
  return `#/${view}${query.size === 0 ? '' : `?${query}`}`
}

/** The variables of documents that its filters become; the range ends at `now`, and begins with a whole day in UTC. */
export const variablesOf = (
  { days, connector, department, id, of, value }: Address,
  now: number,
): Readonly<Record<string, unknown>> => {
  const who = department === undefined ? undefined : { department: { eq: department } }
  const first = new Date(now - (days - 1) * DAY_MS).toISOString().slice(0, 10)
  const all = {
    connectors: connector === undefined ? undefined : [connector],
    who,
    employee: who,
    from: `${first}T00:00:00.000Z`,
    until: new Date(now).toISOString(),
    weekAgo: new Date(now - 7 * DAY_MS).toISOString(),
    id,
    connector: of,
    value,
  }
  return Object.fromEntries(Object.entries(all).filter(([, each]) => each !== undefined))
}

const DAY_MS = 86_400_000
