/** The questions of docs/history.md, asked of a tenant in which the very things have happened. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { PushRows } from '../src/demo/tenant/objects.ts'
import { type Events, openEvents } from '../src/events/events.ts'
import { directoryForTest } from './support/directory.ts'
import { linesOf } from './support/exporting.ts'
import { createGraph, type Graph } from './support/graph.ts'
import { createSteppingClock } from './support/parity.ts'
import { changeFileIn } from './support/stored-changes.ts'
import { runCommand } from './support/terminal.ts'

const page = readFileSync(new URL('../docs/history.md', import.meta.url), 'utf8')
const questions = [...page.matchAll(/```graphql\n([\s\S]*?)```/g)]
  .map(([, body = '']) => body)
  .filter(body => !body.startsWith('subscription'))
const question = (part: string): string => {
  const found = questions.filter(body => body.includes(part))
  expect(found).toHaveLength(1)
  return found[0] ?? ''
}

let graph: Graph
let events: Events
/** Ids of the account that lost its second factor, of the extension that came, and of the employee who left. */
const told = new Map<string, string>()

beforeAll(async () => {
  const clock = createSteppingClock()
  events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock })
  graph = await createGraph({ scale: 0.02, clock, rate: 1e6, stored: events })
  const { standIn } = graph
  const at = <Name extends keyof PushRows>(name: Name, index: number): PushRows[Name] => {
    const row = standIn.data[name][index]
    if (row === undefined) throw new Error(`The tenant has no ${name} at ${index}`)
    return row
  }
  const read = async (): Promise<void> => {
    const lists = ['employees', 'accounts', 'apps', 'browserExtensions']
    const asked = lists.map(name => `${name}(first: 0) { totalCount }`).join(' ')
    const { errors } = await graph.run(`{ ${asked} }`, {}, { maxAgeMs: 0, staleMs: 0 })
    expect(errors).toEqual([])
    await events.noted()
  }
  const [newcomer, leaver] = [at('browserExtensions', 0), at('employees', 2)]
  const [loser, refused] = [at('accounts', 0).id, at('apps', 1).id]
  standIn.remove('browserExtensions', newcomer.id)
  standIn.update('accounts', loser, { mfaRegistered: true })
  standIn.update('apps', refused, { approvalStatus: 'APPROVED' })
  await read()
  clock.step(1_000)
  told.set('before', new Date(clock.now()).toISOString())
  clock.step(1_000)
  standIn.insert('browserExtensions', newcomer)
  standIn.update('accounts', loser, { mfaRegistered: false })
  standIn.update('apps', refused, { approvalStatus: 'NOT_APPROVED' })
  standIn.update('accounts', at('accounts', 1).id, { employeeId: leaver.id })
  standIn.remove('employees', leaver.id)
  await read()
  told.set('loser', loser)
  told.set('extension', newcomer.extensionId)
  told.set('leaver', leaver.id)
})
afterAll(async () => {
  await graph.close()
  await events.close()
})

interface Answer {
  readonly changes: { readonly totalCount?: number; readonly nodes: readonly object[] }
  readonly accounts?: { readonly nodes: readonly object[] }
  readonly account?: { readonly timeline: { readonly nodes: readonly object[] } }
}

const ask = async (part: string, variables = {}): Promise<Answer> => {
  const { data, errors } = await graph.run(question(part), variables)
  expect(errors).toEqual([])
  return data
}

test('what changed of accounts and apps', async () => {
  const { changes } = await ask('collections: [ACCOUNTS, APPS]')
  expect(changes.nodes).toContainEqual(
    expect.objectContaining({ collection: 'APPS', field: 'approvalStatus', learntFrom: 'READ' }),
  )
  expect(changes.totalCount).toBe(changes.nodes.length)
})

test('who lost the second factor', async () => {
  const { changes } = await ask('field: { eq: "mfaRegistered" }')
  expect(changes.nodes).toMatchObject([
    {
      old: true,
      new: false,
      object: { mfaRegistered: false, appType: expect.any(String) as string },
    },
  ])
})

test('which apps became unapproved', async () => {
  const { changes } = await ask('field: { eq: "approvalStatus" }')
  expect(changes.nodes).toMatchObject([
    { old: 'APPROVED', new: 'NOT_APPROVED', object: { name: expect.any(String) as string } },
  ])
})

test('which extensions are new', async () => {
  const { changes } = await ask('BROWSER_EXTENSIONS')
  expect(changes.nodes).toMatchObject([{ object: { extensionId: told.get('extension') } }])
})

test('who left and still has accounts', async () => {
  const { changes, accounts } = await ask('[EMPLOYEES]')
  expect(changes.nodes).toMatchObject([{ old: { id: told.get('leaver') } }])
  expect(accounts?.nodes).toContainEqual(
    expect.objectContaining({ employeeId: told.get('leaver') }),
  )
})

test('what became of one account', async () => {
  const { changes, account } = await ask('objectId: { eq: $id }', { id: told.get('loser') })
  const change = { field: 'mfaRegistered', old: true, new: false }
  expect(changes.nodes).toMatchObject([change])
  const text = 'mfaRegistered of the account changed from true to false.'
  const [latest, ...before] = account?.timeline.nodes ?? []
  expect(latest).toMatchObject({ kind: 'CHANGE', text, event: null, change })
  expect(before).toContainEqual(expect.objectContaining({ kind: 'ACCOUNT_FIRST_SEEN' }))
})

test('what happened around an address', async () => {
  const { standIn } = graph
  const account = standIn.data.accounts.find(({ id }) => id === told.get('loser'))
  const value = account?.email.replace('@', '[at]')
  const { data, errors } = await graph.run(question('timeline(value:'), { value })
  expect(errors).toEqual([])
  const object = { __typename: 'Account', id: account?.id, mfaRegistered: false }
  const change = { kind: 'CHANGE', object: expect.objectContaining(object) as object }
  expect(data.timeline.nodes).toContainEqual(expect.objectContaining(change))
  const kinds = new Set((data.timeline.nodes as { kind: string }[]).map(({ kind }) => kind))
  expect(kinds).toContain('ACCOUNT_LAST_USED')
})

test('the account before the alert', async () => {
  const variables = { id: told.get('loser'), at: told.get('before') }
  const { data, errors } = await graph.run(question('before: account'), variables)
  expect(errors).toEqual([])
  expect(data).toMatchObject({ before: { mfaRegistered: true }, now: { mfaRegistered: false } })
})

test('the accounts without a second factor at that moment', async () => {
  const { data, cost } = await graph.run(question('then: accounts'), { at: told.get('before') })
  expect(data.then.complete).toBe(true)
  expect(data.now.totalCount).toBe(data.then.totalCount + 1)
  expect(cost.complete).toBe(true)
})

test('what is new goes to a file as the page says', async () => {
  const [command = ''] = [...page.matchAll(/```sh\n(.*)\n```/g)].map(([, line]) => line)
  const folder = directoryForTest()
  const changes = await changeFileIn(join(folder, 'data'))
  onTestFinished(changes.close)
  changes.plant([{ field: 'mfaRegistered', old: true, new: false }])
  const settings = { PUSH_API_KEY: 'ps_nobody_is_asked', PUSHGRAPH_DATA_DIR: join(folder, 'data') }
  const environment = { ...settings, PUSHGRAPH_RETENTION_DAYS: '36500' }
  const file = join(folder, 'changes.ndjson')
  const [name, ...args] = command.replace('changes.ndjson', file).split(' ')
  expect(name).toBe('pushgraph')
  const stopped = new Promise<void>(resolve => {
    const look = setInterval(() => {
      if (!existsSync(file) || readFileSync(file, 'utf8') === '') return
      clearInterval(look)
      resolve()
    }, 20)
  })
  expect(await runCommand(args, { environment, stopped })).toMatchObject({ exitCode: 0 })
  const [line] = linesOf(readFileSync(file, 'utf8'))
  expect(line).toMatchObject({ old: true, new: false })
  for (const member of Object.keys(line ?? {})) expect(page).toContain(`\`${member}\``)
  expect(existsSync(`${file}.cursor`)).toBe(true)
})

test('there is no other question there', () => {
  expect(questions).toHaveLength(9)
})
