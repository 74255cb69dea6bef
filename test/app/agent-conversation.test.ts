/**
 * A conversation without a model: a script plays the calls that an assistant makes by the prompt "what happened to this
 * address?", each made of the answers before it, and must find the thread that runs through the demo tenant's past.
 */
import type { Client } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { THIEF_ADDRESS } from '../../src/demo/story.ts'
import { callTool, connectAgent } from '../support/agents.ts'
import { demoAppForFile } from '../support/demo-app.ts'

const MAX_BYTES = 32 * 1_024
const HOUR = 3_600_000
const startedAt = new Date().toISOString()

const demo = demoAppForFile(() => ({
  PUSHGRAPH_DEMO_SCALE: '0.3',
  PUSHGRAPH_DEMO_LATENCY_MS: '1',
}))

const graph = async (query: string) => {
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data } = (await response.json()) as { readonly data: unknown }
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the query's
  return data as any
}

/** Whom it happened to, as the graph has it: the script is told the address alone. */
const victim = async (): Promise<string> => {
  // The past is there once something happens after it.
  const isPast = `{ events(first: 0, filter: { receivedAt: { gte: "${startedAt}" } }) { totalCount } }`
  await expect.poll(async () => (await graph(isPast)).events.totalCount).toBeGreaterThan(0)
  const { events } = await graph(
    `{ events(first: 5, filter: { sourceIpAddress: { eq: "${THIEF_ADDRESS}" } }) { nodes { email } } }`,
  )
  return events.nodes[0].email
}

interface Happened {
  readonly at: number
  readonly what: string
}

interface Entry {
  readonly at: string
  readonly event: {
    readonly object: string
    readonly accountId: string | null
    readonly sourceIpAddress: string | null
    readonly changes?: readonly { readonly path: string; readonly new: unknown }[]
  } | null
}

/** Asks as an assistant would, and keeps account of it. */
const createAssistant = (client: Client) => {
  const asked: string[] = []
  const ask = async (tool: string, args: Readonly<Record<string, unknown>>) => {
    const { told, text, isError } = await callTool(client, tool, args)
    asked.push(tool)
    expect([tool, isError, Buffer.byteLength(text) <= MAX_BYTES]).toEqual([tool, false, true])
    return told
  }
  /** All pages, for as long as a person would wait. */
  const askAll = async (
    tool: string,
    args: Readonly<Record<string, unknown>>,
    entriesOf: (told: Awaited<ReturnType<typeof ask>>) => readonly Entry[],
  ): Promise<readonly Entry[]> => {
    const entries: Entry[] = []
    for (let next: object | undefined = {}, page = 0; next !== undefined && page < 10; page += 1) {
      const told = await ask(tool, { ...args, ...next })
      entries.push(...entriesOf(told))
      next = told.next
    }
    return entries
  }
  return { asked, ask, askAll }
}

test('what happened to an address is found by the tools, with what they say of each other', async () => {
  const address = await victim()
  const client = await connectAgent(demo.url)
  const { messages } = await client.getPrompt({
    ...{ name: 'what_happened_to_address', arguments: { value: address } },
  })
  expect(JSON.stringify(messages)).toContain(address)
  const { asked, ask, askAll } = createAssistant(client)
  const found: Happened[] = []

  const { data: hits } = await ask('find_anything', { value: address })
  const person = hits.search.edges.find(
    ({ node }: { readonly node: { readonly __typename: string } }) =>
      node.__typename === 'Employee',
  )?.node
  const { data: known } = await ask('look_up_person', { id: person.id })
  expect(known.employee.detections.totalCount).toBeGreaterThan(0)

  const { data: seen } = await ask('newest_detections', {
    ...{ employeeId: person.id, type: 'PHISHING', first: 10 },
  })
  const entered = seen.detections.nodes
    .flatMap(({ events }: { readonly events: readonly object[] }) => events)
    .filter(({ accountId }: { readonly accountId: string | null }) => accountId !== null)
  for (const { accountId, createdAt } of entered) {
    const at = Date.parse(createdAt)
    const entries = await askAll(
      'person_timeline',
      {
        id: person.id,
        since: createdAt,
        until: new Date(at + HOUR).toISOString(),
      },
      ({ data }) => data.employee.timeline.nodes,
    )
    const strange = entries.filter(
      ({ event }) => event?.object === 'LOGIN' && event.accountId === accountId,
    )
    for (const { at: loggedIn, event } of strange) {
      const { data: from } = await ask('events_from_address', { address: event?.sourceIpAddress })
      const { data: peers } = await ask('shared_passwords', { accountId })
      const others = peers.account.passwordPeers.nodes.map(({ id }: { readonly id: string }) => id)
      found.push({ at, what: 'a password was entered on a phishing page' })
      found.push({ at: Date.parse(loggedIn), what: `${event?.sourceIpAddress} logged in` })
      for (const other of from.events.nodes)
        if (other.accountId !== accountId && others.includes(other.accountId))
          found.push({ at: Date.parse(other.occurredAt), what: 'it logged in elsewhere' })
    }
    for (const { at: changedAt, event } of entries)
      if (event?.changes?.some(({ path, new: now }) => path === 'mfaRegistered' && now === false))
        found.push({ at: Date.parse(changedAt), what: 'the second factor was taken away' })
  }

  expect(found.toSorted((one, other) => one.at - other.at).map(({ what }) => what)).toEqual([
    'a password was entered on a phishing page',
    `${THIEF_ADDRESS} logged in`,
    'the second factor was taken away',
    'it logged in elsewhere',
  ])
  const { data: account } = await ask('look_up_account', { id: entered[0].accountId })
  expect(account.account.employee.email).toBe(person.email)
  expect(asked.length).toBeLessThan(25)
})
