import { describe, expect, it } from 'vitest'
import { createData } from '../../../src/demo/data.ts'
import type { PushRows, RequestRecord, Switches } from '../../../src/demo/stand-in.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { createGraph } from '../../support/graph.ts'
import { createSteppingClock, expectLists, listOperation } from '../../support/parity.ts'
import { referenceList, toDataset } from '../../support/reference-graph.ts'
import { TEST_NOW } from '../../support/stand-in.ts'

const data = createData({ seed: 1, scale: 0.05, now: TEST_NOW })
const dataset = toDataset(data)
const world = { data: dataset, connectorAlias: 'default', nowSeconds: TEST_NOW }

interface Case {
  readonly name: CollectionName
  readonly filter: object
  /** The requests that this way consists of. */
  readonly isUsed: (request: RequestRecord) => boolean
}

const byId = ({ route }: RequestRecord): boolean => route.endsWith('/{id}')
const by =
  (...parameters: readonly string[]) =>
  ({ query }: RequestRecord): boolean =>
    parameters.some(parameter => parameter in query)
const isScan = ({ route, query }: RequestRecord, name: CollectionName): boolean =>
  route === `/${name}` && Object.keys(query).every(key => ['limit', 'nextToken'].includes(key))

const [ann, bob] = dataset.employees
// A K is also written as the sign of the kelvin, which Push may not know.
const appType = dataset.accounts.find(of => !of.appType.includes('K'))?.appType
const odd = dataset.accounts.find(({ email }) => email !== email.toLowerCase())
const password = dataset.accounts.find(({ passwordId }) => passwordId !== null)?.passwordId
const [extension] = dataset.browserExtensions
const [browser] = dataset.browsers
const newest = (times: readonly (number | null)[], place: number): string => {
  const sorted = times.filter(time => time !== null).toSorted((a, b) => b - a)
  return new Date((sorted[place] ?? 0) * 1_000).toISOString()
}

/** Each way in which Push can be asked for less than everything. */
const cases: Readonly<Record<string, Case>> = {
  'objects by their ids': {
    name: 'accounts',
    filter: { id: { in: [dataset.accounts[3]?.id, dataset.accounts[300]?.id, 'nobody'] } },
    isUsed: byId,
  },
  'one object by its id': {
    name: 'findings',
    filter: { id: { eq: dataset.findings[30]?.id }, state: { ne: 'RESOLVED' } },
    isUsed: byId,
  },
  'the rows of some values': {
    name: 'accounts',
    filter: { employeeId: { in: [ann?.id, bob?.id, 'nobody'] }, mfaRegistered: { eq: true } },
    isUsed: by('employeeId'),
  },
  'the rows of a text in its letters': {
    name: 'accounts',
    filter: { appType: { eq: appType, caseSensitive: true } },
    isUsed: by('appType'),
  },
  'the rows of a shared value': {
    name: 'accounts',
    filter: { passwordId: { eq: password } },
    isUsed: by('passwordId'),
  },
  'the rows that are on': {
    name: 'browserExtensions',
    filter: { enabled: { eq: true } },
    isUsed: by('enabled'),
  },
  'the rows of a word': {
    name: 'browserExtensions',
    filter: { deploymentMode: { in: ['MANUAL', 'MANAGED'] } },
    isUsed: by('deploymentMode'),
  },
  'the rows after a moment': {
    name: 'accounts',
    filter: {
      lastUsedAt: {
        gt: newest(
          dataset.accounts.map(of => of.lastUsedAt),
          20,
        ),
      },
    },
    isUsed: by('lastUsedTimestampAfter'),
  },
  'the rows from a moment on': {
    name: 'findings',
    filter: {
      createdAt: {
        gte: newest(
          dataset.findings.map(of => of.createdAt),
          10,
        ),
      },
    },
    isUsed: by('creationTimestampAfter'),
  },
  'the rows of the last days': {
    name: 'browsers',
    filter: { lastOnlineAt: { within: 'P7D' } },
    isUsed: by('lastOnlineTimestampAfter'),
  },
  'the rows of an address': {
    name: 'accounts',
    filter: { email: { eq: ann?.email.toUpperCase() } },
    isUsed: by('email'),
  },
  'the rows of some addresses': {
    name: 'accounts',
    filter: { email: { in: [odd?.email.toLowerCase(), bob?.email] } },
    isUsed: by('email'),
  },
  'the rows of the objects that pass': {
    name: 'accounts',
    filter: { employee: { email: { eq: ann?.email } } },
    isUsed: by('employeeId'),
  },
  'the rows of an object by its id': {
    name: 'browserExtensions',
    filter: { browser: { id: { eq: browser?.id } }, extensionId: { ne: extension?.extensionId } },
    isUsed: by('browserId'),
  },
}

/** Every reading of what nobody knows. */
const readings: readonly Partial<Switches>[] = [
  {},
  ...(['ignored', 'widened', 'refused'] as const).map(parameters => ({ parameters })),
  ...(['inclusive', 'wider', 'narrower'] as const).map(bounds => ({ bounds })),
  { emailCase: 'minds' },
  { byId: 'missing' },
  { byId: 'forbidden' },
  { unknownId: 400 },
  { maxPage: 7 },
  { maxPage: 200, abovePage: 'refuse' },
  ...(['absent', 'present', 'empty-page', 'more-without-token'] as const).map(lastToken => ({
    lastToken,
  })),
  { maxPage: 7, emptyPages: 2 },
  { maxPage: 7, shortPages: true },
  { maxPage: 7, tokens: 'position' },
  { offset: 'ignored' },
  { offset: 'refused' },
  { order: 'shuffled-per-scan' },
  { listDetails: true },
  { unknownParameters: 'refused' },
]

const graphOf = (switches: Partial<Switches>, clock = createSteppingClock()) =>
  createGraph({ data, clock, rate: 1e6, switches })

describe.each(Object.entries(cases))('%s', (_, { name, filter, isUsed }) => {
  const question = {
    name,
    filter: coerced(filter),
    orderBy: [],
    groups: { by: ['CONNECTOR'], of: 'ID', where: {} },
  }
  const { query, variables } = listOperation([question])

  it.each(readings)('are the same where the API reads %j', async switches => {
    const graph = await graphOf(switches)
    try {
      const answer = await graph.run(query, variables)
      expectLists(
        world,
        [question],
        answer,
        switches.order === undefined ? 'listedOrById' : 'shuffled',
      )
    } finally {
      await graph.close()
    }
  })

  it('are asked for themselves', async () => {
    const graph = await graphOf({})
    try {
      await graph.run(query, variables)
      const { requests } = graph.standIn
      expect(requests.filter(isUsed)).not.toEqual([])
      // The first page may be looked into for a row to try the API with.
      expect(requests.filter(request => isScan(request, name)).length).toBeLessThanOrEqual(1)
    } finally {
      await graph.close()
    }
  })

  it.each(['goes', 'changes', 'comes'] as const)(
    'are those of a minute later when a row %s meanwhile',
    async move => {
      const clock = createSteppingClock()
      const graph = await graphOf({}, clock)
      try {
        const { standIn } = graph
        const before = referenceList(world, name, question)[0]
        const other = referenceList(world, name, { filter: { not: question.filter } })[0]
        const [row, foreign] = [before, other].map(of =>
          (standIn.data[name] as readonly { readonly id: string }[]).find(
            ({ id }) => id === of?.id,
          ),
        )
        if (row === undefined || foreign === undefined) throw new Error('no rows to move')
        if (move === 'comes') standIn.remove(name, row.id)
        await graph.run(query, variables)
        if (move === 'goes') standIn.remove(name, row.id)
        if (move === 'changes') standIn.update(name, row.id, { ...foreign, id: row.id })
        if (move === 'comes') standIn.insert(name, row as PushRows[typeof name])
        standIn.reset()
        clock.step(61_000)
        const answer = await graph.run(query, variables)
        const now = {
          ...world,
          data: toDataset(standIn.data),
          nowSeconds: clock.now() / 1_000,
        }
        expectLists(now, [question], answer, 'any')
        // Seen by the same way, not by reading everything.
        expect(standIn.requests.filter(isUsed)).not.toEqual([])
      } finally {
        await graph.close()
      }
    },
  )

  it.each(['ignored', 'refused'] as const)(
    'are no longer asked for once the parameter was %s',
    async parameters => {
      const clock = createSteppingClock()
      const graph = await graphOf({ parameters, byId: 'missing' }, clock)
      try {
        await graph.run(query, variables)
        graph.standIn.reset()
        clock.step(61_000)
        await graph.run(query, variables)
        expect(graph.standIn.requests.filter(isUsed)).toEqual([])
        expect(graph.standIn.requests.some(request => isScan(request, name))).toBe(true)
      } finally {
        await graph.close()
      }
    },
  )
})

describe('a filter that nothing passes', () => {
  it.each([
    { id: { in: [] } },
    { email: { contains: 'a' }, or: [] },
    { employee: { id: { in: [] } } },
    { not: {} },
  ])('asks Push nothing: %j', async filter => {
    const question = {
      name: 'accounts' as const,
      filter,
      orderBy: [],
      groups: { by: ['APP_TYPE'], of: 'ID', where: {} },
    }
    const graph = await graphOf({})
    try {
      const { query, variables } = listOperation([question])
      const answer = await graph.run(query, variables)
      expectLists(world, [question], answer)
      expect(answer.requests).toBe(0)
    } finally {
      await graph.close()
    }
  })
})

describe('the events of detections', () => {
  const event = dataset.detections.find(({ events }) => (events?.length ?? 0) > 0)?.events?.[0]
  const inEvents = { events: { some: { url: { eq: event?.url } } } }
  const asked: readonly (readonly [CollectionName, object])[] = [
    ['detections', inEvents],
    ['detections', { not: inEvents }],
    ['detections', { events: { every: { account: { mfaRegistered: { eq: false } } } } }],
    ['employees', { detections: { some: inEvents } }],
    ['browsers', { or: [{ detections: { some: inEvents } }, { isActive: { eq: false } }] }],
    ['accounts', { employee: { detections: { none: inEvents } } }],
  ]
  const withheld: readonly Partial<Switches>[] = [
    { byId: 'missing' },
    { byId: 'forbidden' },
    { byId: { detections: 'missing' } },
  ]

  it.each(asked)('are read where the list of %s is filtered by %j', async (name, filter) => {
    const question = {
      name,
      filter,
      orderBy: [],
      groups: { by: ['CONNECTOR'], of: 'ID', where: {} },
    }
    const { query, variables } = listOperation([question])
    for (const switches of [{}, { listDetails: true }, { maxPage: 7 }]) {
      const graph = await graphOf(switches)
      try {
        expectLists(world, [question], await graph.run(query, variables), 'listedOrById')
      } finally {
        await graph.close()
      }
    }
  })

  it.each(asked.flatMap(([name, filter]) => withheld.map(of => [name, filter, of] as const)))(
    'are missed aloud where %s are filtered by %j and the API reads %j',
    async (name, filter, switches) => {
      const question = {
        name,
        filter,
        orderBy: [],
        groups: { by: ['CONNECTOR'], of: 'ID', where: {} },
      }
      const { query, variables } = listOperation([question])
      const graph = await graphOf(switches)
      try {
        // The first use learns that there is no reading by id, the second knows.
        for (let use = 0; use < 2; use += 1) {
          const { errors } = await graph.run(query, variables)
          expect(errors).not.toEqual([])
          expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']))
        }
      } finally {
        await graph.close()
      }
    },
  )
})

/** As GraphQL coerces it: moments as UNIX seconds. */
function coerced(input: unknown): object {
  return JSON.parse(JSON.stringify(input), (_key, value: unknown) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
      ? Date.parse(value) / 1_000
      : value,
  ) as object
}
