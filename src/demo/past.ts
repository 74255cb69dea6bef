/**
 * What the demo tenant's webhooks told before it was started, so that histories, weeks and trends have something to
 * show. It is told of the rows as they are: nothing that Push's lists give is another for it.
 */
import type { TenantData } from './data.ts'
import { createRandom, type Random } from './tenant/random.ts'
import { storyOf } from './story.ts'
import { login, type ToldEvent, toName } from './webhooks.ts'

/** A webhook event of the past, as Push would have sent it. */
export interface PastEvent {
  /** UNIX seconds. */
  readonly at: number
  readonly body: Buffer
}

const DAY = 86_400
const LOGINS_A_DAY = 80
/** Nobody works on most weekends. */
const WEEKEND = 0.15
const EMPLOYEES_MOVED = 25

/**
 * The events of those days before the tenant was made, the oldest first; each is made when it is asked for. Their bodies
 * have the member `madeUp`, as no event of Push's has. The same tenant has the same past.
 */
export function* createPast(data: TenantData, days: number): Generator<PastEvent> {
  const { seed, now } = data
  const random = createRandom(seed, 'past')
  const since = now - days * DAY
  const all: readonly ToldEvent[] = [
    ...logins(data, random, since),
    ...created(data, since),
    ...findings(data, random, since),
    ...detections(data, since),
    ...memberships(data, random, since),
    ...storyOf(data, since),
  ]
  const ids = createRandom(seed, 'past ids')
  for (const [at, tell] of all.toSorted(([a], [b]) => a - b)) {
    const event = { version: '1', id: ids.uuid(), timestamp: at, madeUp: true, ...tell() }
    yield { at, body: Buffer.from(JSON.stringify(event)) }
  }
}

/** Most of them on workdays, between seven and seven. */
const logins = (data: TenantData, random: Random, since: number): readonly ToldEvent[] => {
  const told: ToldEvent[] = []
  const used = data.accounts.filter(({ creationTimestamp }) => creationTimestamp < since)
  if (used.length === 0) return []
  const count = Math.min(LOGINS_A_DAY, used.length)
  for (let midnight = since - (since % DAY); midnight < data.now; midnight += DAY) {
    const isWeekend = [0, 6].includes(new Date(midnight * 1_000).getUTCDay())
    for (let nth = 0; nth < count; nth++) {
      const at = midnight + random.between(7 * 3_600, 19 * 3_600)
      if ((isWeekend && !random.chance(WEEKEND)) || at < since || at >= data.now) continue
      told.push([at, () => login({ data: { ...data, accounts: used } }, random, at)])
    }
  }
  return told
}

/** What was first seen in these days. */
const created = (data: TenantData, since: number): readonly ToldEvent[] => {
  const told = <Row extends { readonly creationTimestamp: number }>(
    rows: readonly Row[],
    object: string,
    nameOf: (row: Row) => string,
  ): readonly ToldEvent[] =>
    rows
      .filter(row => row.creationTimestamp >= since && row.creationTimestamp < data.now)
      .map(row => [
        row.creationTimestamp,
        () => ({
          ...changed(object),
          type: 'CREATE',
          description: `${nameOf(row)} observed for the first time`,
          new: row,
          old: null,
        }),
      ])
  return [
    ...told(data.employees, 'EMPLOYEE', ({ email }) => email),
    ...told(data.apps, 'APP', ({ type }) => type),
    ...told(data.browsers, 'BROWSER', ({ email }) => `A browser of ${email}`),
    ...told(data.accounts, 'ACCOUNT', ({ email, appType }) => `${email} at ${appType}`),
  ]
}

/** Findings come, and those that are resolved were resolved some time after. */
const findings = (data: TenantData, random: Random, since: number): readonly ToldEvent[] =>
  data.findings.flatMap((row): readonly ToldEvent[] => {
    const { creationTimestamp, state, type } = row
    const old = { ...row, state: 'OPEN' }
    const came: ToldEvent = [
      creationTimestamp,
      () => ({
        ...changed('FINDING'),
        type: 'CREATE',
        description: `${type} finding observed`,
        new: old,
        old: null,
      }),
    ]
    const resolvedAt = random.between(creationTimestamp, data.now - 1)
    const went: ToldEvent = [
      resolvedAt,
      () => ({
        ...changed('FINDING'),
        type: 'UPDATE',
        description: `${type} finding resolved`,
        new: row,
        old,
      }),
    ]
    return [
      ...(creationTimestamp >= since && creationTimestamp < data.now ? [came] : []),
      ...(state === 'RESOLVED' && resolvedAt >= since ? [went] : []),
    ]
  })

const detections = (data: TenantData, since: number): readonly ToldEvent[] => {
  const employees = new Map(data.employees.map(row => [row.id, row]))
  return data.detections
    .filter(({ creationTimestamp: at }) => at >= since && at < data.now)
    .map(({ events: _, ...row }) => [
      row.creationTimestamp,
      () => {
        const employee = employees.get(row.employeeId ?? '')
        const who = employee === undefined ? 'Somebody' : employee.email
        return {
          object: row.detectionType,
          friendlyName: 'Detection',
          category: 'DETECTION',
          type: 'CREATE',
          description: `${who} triggered a new detection`,
          // As it was when it came.
          new: {
            ...row,
            archived: false,
            classification: null,
            ...(employee === undefined ? {} : { employee }),
          },
          old: null,
        }
      },
    ])
}

/** Some employees joined the last of their groups in these days. */
const memberships = (data: TenantData, random: Random, since: number): readonly ToldEvent[] =>
  random
    .some(
      data.employees.filter(
        ({ groups, creationTimestamp }) => (groups?.length ?? 0) > 0 && creationTimestamp < since,
      ),
      EMPLOYEES_MOVED,
    )
    .map(row => [
      random.between(since, data.now - 1),
      () => ({
        ...changed('EMPLOYEE'),
        type: 'UPDATE',
        description: `${row.email} joined ${row.groups?.at(-1) ?? ''}`,
        new: row,
        old: { ...row, groups: row.groups?.slice(0, -1) },
      }),
    ])

const changed = (object: string) => ({
  object,
  friendlyName: toName(object),
  category: 'ENTITY',
})
