/** A tenant whose every text holds an address and whose personal texts hold a name: what nobody without `pii` may find. */
import { type Events, openEvents } from '../../src/events/events.ts'
import { createData } from '../../src/demo/data.ts'
import { collectionNames } from '../../src/model/collections.ts'
import type { Row } from '../../src/model/rows.ts'
import { allRights, createRights } from '../../src/model/rights.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { systemClock } from '../../src/model/clock.ts'
import { LATER } from './deliveries.ts'
import { createGraph, type Graph } from './graph.ts'
import { isGone, isNow } from './notices.ts'
import { documented, type Payload } from './ocsf/webhook-payloads.ts'
import { TEST_NOW } from './stand-in.ts'

export const ADDRESS = 'planted.person@secret.example'
export const NAME = 'Plantagenet'

export const told = allRights
export const untold = createRights('untold', ['read', 'events', 'write', 'metrics'])

/** Texts by which nobody is named, save by mistake: they hold the address, but not the name. */
const impersonal =
  /^(object|category|type|state|severity|detectionType|response|classification|tokenType|browser|os|approvalStatus|sensitivityLevel|deploymentMode|appType|mode|action|indicator|clonedLoginPageType|clonedLoginPageIndicator|phishingToolIndicator|loginType|identityProvider|passwordManager|role|source|method|loginMethod|requestSupportStatus|detectionEventType|controlMode|oidcLogin|samlLogin|vendorSsoLogin|fedCmLogin|mfaMethods|weakPasswordReasons|permissions|version|extensionVersion|language|department|location)$/

/** Ids hold objects together, and what tells kinds of event apart decides on what they are. */
const isKept = (path: readonly string[]): boolean => {
  const name = path.at(-1) ?? ''
  return /(^id|Id|_id)$/.test(name) || (path.length === 1 && /^(object|category|type)$/.test(name))
}

/** The same with the address in every text, and the name in each that could hold one. */
const plant = (value: unknown, path: readonly string[], names: RegExp): unknown => {
  const name = path.at(-1) ?? ''
  if (typeof value === 'string') {
    if (isKept(path)) return value
    return names.test(name) ? `${value} ${ADDRESS}` : `${value} ${NAME} ${ADDRESS}`
  }
  if (Array.isArray(value)) return value.map(element => plant(element, path, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([member, of]) => [member, plant(of, [...path, member], names)]),
  )
}

/** Whatever Push may add one day. */
const surprise = {
  somethingNew: `${NAME} ${ADDRESS}`,
  [`${NAME}`]: { [ADDRESS]: true, deep: [{ deeper: `${NAME} ${ADDRESS}` }, ADDRESS] },
}

const withSurprises = (payload: Payload): Payload => {
  const add = (of: unknown): unknown =>
    typeof of === 'object' && of !== null && !Array.isArray(of) ? { ...of, ...surprise } : of
  const { new: now, old, actor, ...rest } = payload
  const all = { new: add(now), old: add(old), actor: add(actor) }
  return {
    ...rest,
    ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
    ...surprise,
  }
}

export interface Planted {
  readonly graph: Graph
  close(): Promise<void>
}

/** Changes of each kind, of objects of each list and each of their fields. */
const noteChanges = async (graph: Graph, events: Events): Promise<void> => {
  const connector = graph.store.connector('default')
  for (const name of collectionNames) {
    await graph.run(`{ ${name}(first: 0) { totalCount } }`)
    for (const row of [...(connector?.table(name).values() ?? [])].slice(0, 2)) {
      const none = Object.fromEntries(Object.keys(row).map(field => [field, null]))
      const before = { ...none, id: row.id } as unknown as Row
      const now = Date.now()
      events.note('default', isNow(name, before, now + 1))
      events.note('default', isNow(name, row, now + 2))
      events.note('default', isGone(name, row.id, now + 3))
      events.note('default', isNow(name, row, now + 4))
    }
  }
  await events.noted()
}

/** A small tenant with one event of each kind. */
export const createPlanted = async (): Promise<Planted> => {
  const events: Events = await openEvents({
    path: ':memory:',
    retentionDays: 36_500,
    clock: systemClock,
  })
  const origin = createData({ seed: 1, scale: 0.01, now: TEST_NOW })
  // An app is called what its maker calls it.
  const names = new RegExp(`${impersonal.source}|^(friendlyName|name)$`)
  const { awkward, seed, scale, now, ...rows } = origin
  const data = { awkward, seed, scale, now, ...(plant(rows, [], names) as typeof rows) }
  const graph = await createGraph({ stored: events, data })
  for (const [index, { payload }] of documented.entries()) {
    const body = { ...withSurprises(plant(payload, [], impersonal) as Payload), id: `${index}` }
    const delivery = readDelivery(Buffer.from(JSON.stringify(body)), LATER)
    if (!delivery.ok) throw new Error(delivery.problem)
    await events.append({ ...delivery.event, connector: 'default', receivedAt: 1_700_000_000 })
  }
  await noteChanges(graph, events)
  return {
    graph,
    close: async () => {
      await graph.close()
      await events.close()
    },
  }
}
