/** What a timeline must be, written down plainly: one look at all that a tenant has and all that is stored of it. */
import type { PushData } from '../../../src/demo/tenant/objects.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import type { EventRow } from '../../../src/model/events.ts'
import { naiveSearch } from '../search/naive-search.ts'

/** A stored change, as the graph gives it. */
export interface ToldChange {
  readonly id: string
  readonly collection: CollectionName
  readonly objectId: string
  readonly kind: string
  readonly field: string | null
  readonly new: unknown
  /** Milliseconds. */
  readonly at: number
  readonly learntFrom: string
}

export interface Known {
  readonly data: PushData
  readonly events: readonly EventRow[]
  readonly changes: readonly ToldChange[]
}

/** Whose timeline it is: the objects it tells of, and the events that are in it. */
export interface Around {
  readonly objects: readonly { readonly collection: CollectionName; readonly id: string }[]
  readonly has: (event: EventRow) => boolean
  /** Of detections only events that name this account. */
  readonly account?: string
}

export interface Line {
  readonly at: number
  readonly kind: string
  readonly name: string
}

/** In the order in which they stand at the same moment. */
export const kindsInOrder = [
  'EVENT',
  'CHANGE',
  'DETECTION_EVENT',
  'DETECTION',
  'FINDING',
  'ACCOUNT_FIRST_SEEN',
  'ACCOUNT_LAST_USED',
  'BROWSER_FIRST_ONLINE',
  'BROWSER_LAST_ONLINE',
  'EMPLOYEE_FIRST_SEEN',
  'APP_FIRST_SEEN',
]

const whose = (id: string) => (one: { readonly employeeId: string | null }) => one.employeeId === id

/** Around an object of that collection. */
export const aroundObject = (
  { data }: Pick<Known, 'data'>,
  collection: CollectionName,
  id: string,
): Around => {
  const ids = (name: CollectionName, of: readonly { readonly id: string }[]) =>
    of.map(one => ({ collection: name, id: one.id }))
  const own = { collection, id }
  switch (collection) {
    case 'employees':
      return {
        objects: [
          own,
          ...ids('accounts', data.accounts.filter(whose(id))),
          ...ids('browsers', data.browsers.filter(whose(id))),
          ...ids('browserExtensions', data.browserExtensions.filter(whose(id))),
          ...ids('findings', data.findings.filter(whose(id))),
          ...ids('detections', data.detections.filter(whose(id))),
        ],
        has: event => event.employeeId === id,
      }
    case 'accounts': {
      const employee = data.accounts.find(one => one.id === id)?.employeeId
      const naming = data.detections.filter(
        one => one.employeeId === employee && one.events.some(of => of.accountId === id),
      )
      return {
        objects: [
          own,
          ...ids(
            'findings',
            data.findings.filter(one => one.accountId === id),
          ),
          ...ids('detections', naming),
        ],
        has: event => event.accountId === id,
        account: id,
      }
    }
    case 'apps': {
      const type = data.apps.find(one => one.id === id)?.type
      return {
        objects: [
          own,
          ...ids(
            'accounts',
            data.accounts.filter(one => one.appId === id),
          ),
          ...ids(
            'findings',
            data.findings.filter(one => one.appId === id),
          ),
        ],
        has: event => event.appId === id || (event.appId === null && event.appType === type),
      }
    }
    case 'browsers':
      return {
        objects: [
          own,
          ...ids(
            'browserExtensions',
            data.browserExtensions.filter(one => one.browserId === id),
          ),
          ...ids(
            'detections',
            data.detections.filter(one => one.browserId === id),
          ),
        ],
        has: event => event.browserId === id,
      }
    case 'findings':
      return { objects: [own], has: event => event.object === 'FINDING' && event.entityId === id }
    case 'detections':
      return {
        objects: [own],
        has: event => event.category === 'DETECTION' && event.entityId === id,
      }
    default:
      throw new Error('Not tried here')
  }
}

/** Types of the graph by the collections of their objects. */
const collectionOf: Readonly<Record<string, CollectionName>> = {
  Employee: 'employees',
  Account: 'accounts',
  App: 'apps',
  Browser: 'browsers',
  BrowserExtension: 'browserExtensions',
  Finding: 'findings',
  Detection: 'detections',
}

/** Around a value, of which it is known what it is. */
export const aroundValue = (known: Known, value: string, kinds: readonly string[]): Around => {
  const hits = [...naiveSearch(known.data, value, kinds)].map(([name, ways]) => {
    const [type = '', id = ''] = name.split(' ')
    const isDirect = [...ways].some(way => !way.includes('>'))
    return { collection: collectionOf[type] ?? 'employees', id, isDirect }
  })
  const holds = (event: EventRow): boolean =>
    (kinds.includes('EMAIL_ADDRESS') && event.email?.toLowerCase() === value.toLowerCase()) ||
    (kinds.includes('IP_ADDRESS') && event.sourceIpAddress === value) ||
    (kinds.includes('EMPLOYEE_ID') && event.employeeId === value) ||
    (kinds.includes('ACCOUNT_ID') && event.accountId === value)
  const byEvents = kinds.includes('IP_ADDRESS')
    ? known.events.filter(holds).flatMap(({ employeeId }) => employeeId ?? [])
    : []
  const objects = new Map(
    [...hits, ...byEvents.map(id => ({ collection: 'employees' as const, id }))].map(of => [
      `${of.collection} ${of.id}`,
      { collection: of.collection, id: of.id },
    ]),
  )
  const direct = hits
    .filter(({ isDirect, collection }) => isDirect && collection !== 'browserExtensions')
    .map(({ collection, id }) => aroundObject(known, collection, id))
  return {
    objects: [...objects.values()],
    has: event => holds(event) || direct.some(({ has }) => has(event)),
  }
}

interface Moment {
  readonly kind: string
  readonly at: number | null | undefined
  readonly isOfUse?: true
}

const momentsOf = ({ data }: Known, collection: CollectionName, id: string): readonly Moment[] => {
  const [employee] = data.employees.filter(one => one.id === id)
  const [account] = data.accounts.filter(one => one.id === id)
  const [browser] = data.browsers.filter(one => one.id === id)
  const [finding] = data.findings.filter(one => one.id === id)
  const [detection] = data.detections.filter(one => one.id === id)
  const [app] = data.apps.filter(one => one.id === id)
  switch (collection) {
    case 'employees':
      return [{ kind: 'EMPLOYEE_FIRST_SEEN', at: employee?.creationTimestamp }]
    case 'accounts':
      return [
        { kind: 'ACCOUNT_FIRST_SEEN', at: account?.creationTimestamp },
        { kind: 'ACCOUNT_LAST_USED', at: account?.lastUsedTimestamp, isOfUse: true },
      ]
    case 'browsers':
      return [
        { kind: 'BROWSER_FIRST_ONLINE', at: browser?.creationTimestamp },
        { kind: 'BROWSER_LAST_ONLINE', at: browser?.lastOnlineTimestamp, isOfUse: true },
      ]
    case 'findings':
      return [{ kind: 'FINDING', at: finding?.creationTimestamp }]
    case 'detections':
      return [{ kind: 'DETECTION', at: detection?.creationTimestamp }]
    case 'apps':
      return [{ kind: 'APP_FIRST_SEEN', at: app?.creationTimestamp }]
    default:
      return []
  }
}

const words: Readonly<Partial<Record<CollectionName, string>>> = {
  employees: 'EMPLOYEE',
  accounts: 'ACCOUNT',
  apps: 'APP',
  browsers: 'BROWSER',
  browserExtensions: 'BROWSER_EXTENSION',
  findings: 'FINDING',
}

/** Whether the event is about that very object. */
const isAbout = (event: EventRow, collection: CollectionName, id: string): boolean =>
  collection === 'detections'
    ? event.category === 'DETECTION' && event.entityId === id
    : event.category === 'ENTITY' && event.object === words[collection] && event.entityId === id

/** When a login was made, else when the event was. */
const momentOf = (event: EventRow): number => {
  const { new: made } = JSON.parse(event.body) as { new?: { loginTimestamp?: number } }
  return event.object === 'LOGIN' ? (made?.loginTimestamp ?? event.occurredAt) : event.occurredAt
}

/** All of it, the newest first. `since` and `until` in UNIX seconds. */
export const naiveTimeline = (
  known: Known,
  { objects, has, account }: Around,
  kinds: readonly string[] | undefined,
  [since, until]: readonly [number | undefined, number | undefined],
): readonly Line[] => {
  const asks = (kind: string): boolean => kinds?.includes(kind) ?? true
  const events = asks('EVENT') ? known.events.filter(has) : []
  const lines: (Line & { readonly tie: number | string })[] = events.map(event => ({
    ...{ at: event.occurredAt, kind: 'EVENT', name: event.id, tie: -event.sequence },
  }))
  for (const { collection, id } of objects) {
    const about = events.filter(event => isAbout(event, collection, id))
    const times = momentsOf(known, collection, id).filter(({ kind }) => asks(kind))
    for (const { kind, at, isOfUse } of times) {
      if (at === null || at === undefined) continue
      const logins = events.filter(event => event.object === 'LOGIN' && event.accountId === id)
      const isTold =
        isOfUse === true
          ? [...about, ...(collection === 'accounts' ? logins : [])].some(
              event => momentOf(event) === at,
            )
          : about.some(({ type }) => type === 'CREATE')
      if (!isTold) lines.push({ at, kind, name: id, tie: id })
    }
    if (collection === 'detections' && asks('DETECTION_EVENT'))
      for (const event of known.data.detections.find(one => one.id === id)?.events ?? [])
        if (account === undefined || event.accountId === account)
          lines.push({
            ...{ at: event.creationTimestamp, kind: 'DETECTION_EVENT', name: event.id },
            tie: `${id} ${event.id}`,
          })
    for (const change of asks('CHANGE') ? known.changes : []) {
      if (change.collection !== collection || change.objectId !== id) continue
      const isToldByEvent =
        change.learntFrom === 'EVENT' &&
        about.some(({ receivedAt }) => Math.round(receivedAt * 1_000) === change.at)
      const isToldByRow = times.some(({ at, isOfUse }) => {
        if (typeof at !== 'number') return false
        // That it came again is no time of a row.
        const hasGone = known.changes.some(
          one =>
            one.kind === 'DELETED' &&
            one.collection === collection &&
            one.objectId === id &&
            one.at < change.at,
        )
        if (isOfUse !== true) return change.kind === 'CREATED' && !hasGone
        const field = collection === 'accounts' ? 'lastUsedAt' : 'lastOnlineAt'
        return change.field === field && Date.parse(String(change.new)) === at * 1_000
      })
      if (!isToldByEvent && !isToldByRow)
        lines.push({
          ...{ at: change.at / 1_000, kind: 'CHANGE', name: change.id, tie: -Number(change.id) },
        })
    }
  }
  return lines
    .filter(({ kind, at }) => asks(kind) && at >= (since ?? -Infinity) && at < (until ?? Infinity))
    .sort(
      (a, b) =>
        b.at - a.at ||
        kindsInOrder.indexOf(a.kind) - kindsInOrder.indexOf(b.kind) ||
        (a.tie < b.tie ? -1 : 1),
    )
    .map(({ at, kind, name }) => ({ at, kind, name }))
}
