/** The mutations over HTTP: what they change, what they refuse, and that every cached copy follows. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MUTATIONS, startWriting, type Writing, writingForTest } from '../support/writing.ts'

const NO_ID = '00000000-0000-4000-8000-000000000000'

let writing: Writing
beforeAll(async () => {
  writing = await startWriting({ environment: { PUSHGRAPH_REFRESH: 'off' } })
})
afterAll(() => writing.stop())
beforeEach(() => {
  writing.standIn.reset()
  writing.standIn.set({ writes: 'works', writeAnswers: 'object', deleteStatus: 200 })
  writing.standIn.set({ faults: undefined, unknownId: 404 })
})

const data = () => writing.standIn.data
const nth = <Row>(rows: readonly Row[], n = 0): Row => {
  const row = rows.at(n)
  if (row === undefined) throw new Error('no such row')
  return row
}
const detection = (n = 0) => nth(data().detections, n)
const mutate = (name: keyof typeof MUTATIONS, input: object) =>
  writing.ask(MUTATIONS[name], { input })
const codeOf = ({ errors }: Awaited<ReturnType<typeof mutate>>) => errors[0]?.extensions['code']

/** Everything that shows detections and apps, asked twice so that answers are kept. */
const ALL = `{ detections(first: 1000) { totalCount nodes { id archived classification }
  groups(by: [ARCHIVED]) { keys count } } archived: detections(filter: { archived: { eq: true } }) { totalCount } }`

describe('what is changed', () => {
  test('is in the answer, in Push, and at once in every list, count, group and kept answer', async () => {
    const open = nth(data().detections.filter(({ archived }) => !archived))
    const before = [await writing.ask(ALL), await writing.ask(ALL), await writing.ask(ALL)]
    const { data: answer, errors } = await mutate('updateDetection', {
      clientMutationId: 'a',
      id: open.id,
      archived: true,
      classification: 'FALSE_POSITIVE',
    })
    expect(errors).toEqual([])
    expect(answer.updateDetection).toMatchObject({
      clientMutationId: 'a',
      detection: { id: open.id, archived: true, classification: 'FALSE_POSITIVE' },
    })
    const after = await writing.ask(ALL)
    expect(after.requests).toBe(0)
    expect(after.data.archived.totalCount).toBe(before[0]?.data.archived.totalCount + 1)
    expect(after.data.detections.nodes).toContainEqual({
      id: open.id,
      archived: true,
      classification: 'FALSE_POSITIVE',
    })
    expect(writing.sent()).toEqual(['PATCH /detections/{id}'])
    expect(detection(data().detections.findIndex(({ id }) => id === open.id))).toMatchObject({
      archived: true,
      classification: 'FALSE_POSITIVE',
    })
  })

  test('null takes back what upstream lets be taken back, and links follow', async () => {
    const app = nth(data().apps)
    const [one, other] = [nth(data().employees), nth(data().employees, 1)]
    const owned = `{ employees(filter: { id: { in: ["${one.id}", "${other.id}"] } }) {
      nodes { id ownedApps(filter: { id: { eq: "${app.id}" } }) { totalCount } } } }`
    const ownersOf = async () =>
      (await writing.ask(owned)).data.employees.nodes.flatMap(
        (of: { id: string; ownedApps: { totalCount: number } }) =>
          of.ownedApps.totalCount > 0 ? [of.id] : [],
      ) as unknown
    const first = await mutate('updateApp', {
      id: app.id,
      ownerId: one.id,
      approvalStatus: 'APPROVED',
      sensitivityLevel: 'HIGH',
      notes: 'Zwei Zeilen\nund ein \u{1F600}',
    })
    expect(first.errors).toEqual([])
    expect(first.data.updateApp.app).toMatchObject({ ownerId: one.id, owner: { id: one.id } })
    expect(await ownersOf()).toEqual([one.id])
    await mutate('updateApp', { id: app.id, ownerId: other.id })
    expect(await ownersOf()).toEqual([other.id])
    const cleared = { ownerId: null, approvalStatus: null, sensitivityLevel: null, notes: null }
    const last = await mutate('updateApp', { id: app.id, ...cleared })
    expect(last.data.updateApp.app).toMatchObject({ ...cleared, owner: null })
    expect(nth(data().apps)).toMatchObject(cleared)
    expect(await ownersOf()).toEqual([])
  })

  test('an employee gets a licence and loses it', async () => {
    const { id, licensed } = nth(data().employees)
    const { data: answer } = await mutate('updateEmployee', { id, licensed: !licensed })
    expect(answer.updateEmployee.employee).toMatchObject({ id, licensed: !licensed })
    const { data: read } = await writing.ask(`{ employee(id: "${id}") { licensed } }`)
    expect(read.employee.licensed).toBe(!licensed)
  })

  test.each([200, 204] as const)('an account that was deleted (%s) is nowhere', async status => {
    writing.standIn.set({ deleteStatus: status })
    const { id, email, employeeId } = nth(data().accounts)
    const question = `{ accounts(filter: { employeeId: { eq: "${employeeId}" } }) { nodes { id } }
      employee(id: "${employeeId}") { accounts { nodes { id } totalCount } } account(id: "${id}") { id } }`
    const before = await writing.ask(question)
    expect(before.data.account).toEqual({ id })
    const { data: answer, errors } = await mutate('deleteAccount', { id })
    expect(errors).toEqual([])
    expect(answer.deleteAccount).toMatchObject({ deletedAccountId: id, account: { id, email } })
    const after = await writing.ask(question)
    expect(after.data.account).toBeNull()
    expect(after.data.employee.accounts.totalCount).toBe(
      before.data.employee.accounts.totalCount - 1,
    )
    expect(JSON.stringify(after.data)).not.toContain(id)
    expect((await mutate('deleteAccount', { id })).data.deleteAccount).toMatchObject({
      deletedAccountId: null,
      account: null,
    })
  })

  test.each([
    ['USERNAME_PASSWORD', { passwordLogin: false }],
    ['OKTA_SWA', { oktaSwaLogin: false }],
    ['OIDC', { oidcLogin: null }],
    ['SAML', { samlLogin: null }],
    ['FEDCM', { fedCmLogin: null }],
  ])('a way of logging in can be deleted: %s', async (loginMethod, methods) => {
    const { id } = nth(data().accounts, 3)
    const { data: answer, errors } = await mutate('removeAccountLoginMethod', { id, loginMethod })
    expect(errors).toEqual([])
    expect(answer.removeAccountLoginMethod.account.loginMethods).toMatchObject(methods)
    const { data: read } = await writing.ask(`{ account(id: "${id}") { loginMethods {
      ${Object.keys(methods).join(' ')} } } }`)
    expect(read.account.loginMethods).toEqual(methods)
  })

  test('the events of a detection stay known, though the answer to a change lacks them', async () => {
    const { id, events } = detection(2)
    const question = `{ detection(id: "${id}") { events { id } archived } }`
    await writing.ask(question)
    const change = `mutation ($input: UpdateDetectionInput!) { updateDetection(input: $input) {
      detection { events { id } employee { id } } } }`
    const { data: answer, requests } = await writing.ask(change, {
      input: { id, classification: 'TEST' },
    })
    expect(answer.updateDetection.detection.events).toEqual(
      events?.map(({ id: eventId }) => ({ id: eventId })),
    )
    expect(requests).toBeLessThanOrEqual(2)
  })

  test.each(['empty', 'nothing'] as const)(
    'an answer that tells of no object (%s) is made up for by reading it',
    async writeAnswers => {
      writing.standIn.set({ writeAnswers })
      const { id } = detection(4)
      const { data: answer } = await mutate('updateDetection', { id, classification: writeAnswers })
      expect(answer.updateDetection.detection.classification).toBe(writeAnswers)
      const account = nth(data().accounts, 5)
      const removed = await mutate('removeAccountLoginMethod', {
        id: account.id,
        loginMethod: 'OIDC',
      })
      expect(removed.data.removeAccountLoginMethod.account.loginMethods.oidcLogin).toBeNull()
    },
  )

  test('what Push passes over in silence is not claimed to be changed', async () => {
    writing.standIn.set({ writes: { employees: 'ignored' } })
    const { id, licensed } = nth(data().employees, 2)
    const { data: answer } = await mutate('updateEmployee', { id, licensed: !licensed })
    expect(answer.updateEmployee.employee.licensed).toBe(licensed)
  })

  test('several in one operation are made one after another, each on what the former left', async () => {
    const { id } = detection(6)
    const change = (n: number) =>
      `m${n}: updateDetection(input: { id: "${id}", classification: "C${n}" }) {
        detection { classification employee { detections(filter: { id: { eq: "${id}" } }) {
        nodes { classification } } } } }`
    const { data: answer, errors } = await writing.ask(
      `mutation { ${[1, 2, 3].map(change).join(' ')} }`,
    )
    expect(errors).toEqual([])
    for (const n of [1, 2, 3])
      expect(answer[`m${n}`].detection).toMatchObject({
        classification: `C${n}`,
        employee: { detections: { nodes: [{ classification: `C${n}` }] } },
      })
    expect(detection(6).classification).toBe('C3')
  })
})

describe('what is refused before anything is sent', () => {
  const valid = () => ({ id: detection().id, archived: true })

  test.each([
    ['an id that is none', 'updateDetection', { id: 'x', archived: true }, 'input.id'],
    ['an id with a path in it', 'deleteAccount', { id: '../employees' }, 'input.id'],
    ['nothing to change', 'updateDetection', { id: NO_ID }, 'input'],
    ['a flag that is null', 'updateDetection', { id: NO_ID, archived: null }, 'input.archived'],
    ['a licence that is null', 'updateEmployee', { id: NO_ID, licensed: null }, 'input.licensed'],
    ['an empty word', 'updateDetection', { id: NO_ID, classification: '' }, 'input.classification'],
    [
      'a word that is too long by one letter',
      'updateDetection',
      { id: NO_ID, classification: 'x'.repeat(101) },
      'input.classification',
    ],
    ['a control character', 'updateApp', { id: NO_ID, notes: 'a\u0007' }, 'input.notes'],
    [
      'a note that is too long by one letter',
      'updateApp',
      { id: NO_ID, notes: 'x'.repeat(10_001) },
      'input.notes',
    ],
    [
      'the word for what is new',
      'updateApp',
      { id: NO_ID, approvalStatus: 'UNRECOGNIZED' },
      'input.approvalStatus',
    ],
    ['an owner whose id is none', 'updateApp', { id: NO_ID, ownerId: 'me' }, 'input.ownerId'],
    [
      'a connector that there is not',
      'deleteAccount',
      { id: NO_ID, connector: 'x' },
      'input.connector',
    ],
    [
      'an empty name',
      'deleteAccount',
      { id: NO_ID, clientMutationId: '' },
      'input.clientMutationId',
    ],
    [
      'a name that is too long by one letter',
      'deleteAccount',
      { id: NO_ID, clientMutationId: 'x'.repeat(201) },
      'input.clientMutationId',
    ],
  ] as const)('%s', async (_what, name, input, path) => {
    const answer = await mutate(name, input)
    expect(answer.data).toEqual({ [name]: null })
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path })
    expect(writing.standIn.requests).toEqual([])
  })

  test('what is just short enough is sent', async () => {
    const classification = 'x'.repeat(100)
    const answer = await mutate('updateDetection', {
      id: detection().id,
      classification,
      clientMutationId: 'y'.repeat(200),
    })
    expect(answer.data.updateDetection.detection.classification).toBe(classification)
    const notes = 'x'.repeat(10_000)
    const app = await mutate('updateApp', { id: nth(data().apps).id, notes })
    expect(app.data.updateApp.app.notes).toBe(notes)
  })

  test('a word that an enumeration does not have, by GraphQL itself', async () => {
    const answer = await mutate('removeAccountLoginMethod', { id: NO_ID, loginMethod: 'KEY' })
    expect(answer.status).toBe(400)
    expect(codeOf(answer)).toBe('BAD_USER_INPUT')
  })

  test('an owner whom there is not', async () => {
    const answer = await mutate('updateApp', { id: nth(data().apps).id, ownerId: NO_ID })
    expect(answer.errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      path: 'input.ownerId',
    })
    expect(writing.sent()).toEqual([])
  })

  test('a mutation over GET, as a page or as a stream, and one of which only the plan is asked for', async () => {
    const query = `mutation { updateDetection(input: { id: "${valid().id}", archived: true }) { clientMutationId } }`
    for (const accept of ['application/json', 'text/event-stream']) {
      const response = await fetch(`${writing.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { accept, 'apollo-require-preflight': '1' },
      })
      expect(response.status).toBe(405)
      expect(await response.text()).toMatch(/GET/)
    }
    await writing.ask(query, {}, { 'x-pushgraph-plan': 'only' })
    expect(writing.sent()).toEqual([])
  })

  test('more requests than the operation may make', async () => {
    const narrow = await writingForTest({ environment: { PUSHGRAPH_MAX_REQUESTS: '2' } })
    const { id } = nth(narrow.standIn.data.detections)
    const change = (n: number) =>
      `m${n}: updateDetection(input: { id: "${id}", classification: "C${n}" }) { clientMutationId }`
    const { data: answer, errors } = await narrow.ask(
      `mutation { ${[1, 2, 3].map(change).join(' ')} }`,
    )
    expect(answer).toMatchObject({ m1: {}, m2: {}, m3: null })
    expect(errors).toMatchObject([{ path: ['m3'], extensions: { code: 'BUDGET_EXCEEDED' } }])
    expect(narrow.sent()).toHaveLength(2)
  })
})

describe('what Push refuses', () => {
  test('an id that it does not know gives null, whichever way it says so', async () => {
    for (const unknownId of [404, 400] as const) {
      writing.standIn.set({ unknownId })
      for (const name of ['updateDetection', 'updateApp', 'updateEmployee'] as const) {
        const changes = { updateDetection: { archived: true }, updateApp: { notes: null } }
        const input = { licensed: true, ...changes }[name as keyof typeof changes] ?? {
          licensed: true,
        }
        const { data: answer, errors } = await mutate(name, { id: NO_ID, ...input })
        expect(errors).toEqual([])
        expect(Object.values(answer[name] as object)).toEqual([null, null])
      }
      const { data: answer } = await mutate('removeAccountLoginMethod', {
        id: NO_ID,
        loginMethod: 'OIDC',
      })
      expect(answer.removeAccountLoginMethod.account).toBeNull()
    }
  })

  test('what it would not have is told in its words, without keys or addresses', async () => {
    writing.standIn.set({ writes: 'refused' })
    const answer = await mutate('updateDetection', { id: detection().id, archived: true })
    expect(codeOf(answer)).toBe('BAD_USER_INPUT')
    expect(answer.errors[0]?.message).toContain('This cannot be changed')
  })

  test('an endpoint that is not there is told apart from an object that is not', async () => {
    writing.standIn.set({ writes: 'missing' })
    const { id } = nth(data().employees)
    const answer = await mutate('updateEmployee', { id, licensed: true })
    expect(codeOf(answer)).toBe('UPSTREAM_INVALID')
    const { data: read } = await writing.ask(`{ employee(id: "${id}") { id } }`)
    expect(read.employee).toEqual({ id })
  })

  test('a read-only key is told of as that', async () => {
    const reading = await writingForTest({ keyKind: 'readOnly' })
    const answer = await reading.ask(MUTATIONS.updateDetection, {
      input: { id: nth(reading.standIn.data.detections).id, archived: true },
    })
    expect(answer.errors[0]?.extensions['code']).toBe('FORBIDDEN')
    expect(answer.errors[0]?.message).toMatch(/read-only/)
    expect(JSON.stringify(answer.errors)).not.toContain(reading.standIn.keys.readOnly)
    expect(reading.logged()).not.toContain(reading.standIn.keys.readOnly)
  })
})

describe('where a failure leaves open whether it was made', () => {
  const kinds = ['error500', 'error503', 'html502', 'reset', 'cut', 'garbage', 'html200'] as const

  test.each(kinds.flatMap(kind => [true, false].map(applied => [kind, applied] as const)))(
    '%s, made: %s: it is sent once, the error says so, and the object is read again',
    async (kind, applied) => {
      const spoils = ['cut', 'garbage', 'html200'].includes(kind)
      if (spoils && !applied) return
      const { id } = detection(7)
      writing.standIn.update('detections', id, { classification: 'BEFORE' })
      await writing.ask(ALL)
      writing.standIn.set({
        faults: ({ method }) => (method === 'PATCH' ? { kind, applied } : undefined),
      })
      const answer = await mutate('updateDetection', { id, classification: 'AFTER' })
      expect(answer.data).toEqual({ updateDetection: null })
      expect(answer.errors[0]?.message).toMatch(/may have been made/)
      expect(answer.errors[0]?.extensions).toMatchObject({
        code: 'OUTCOME_UNKNOWN',
        isAsAsked: applied,
      })
      expect(writing.sent()).toEqual(['PATCH /detections/{id}'])
      const { data: read, requests } = await writing.ask(ALL)
      expect(requests).toBe(0)
      expect(read.detections.nodes).toContainEqual(
        expect.objectContaining({ id, classification: applied ? 'AFTER' : 'BEFORE' }),
      )
    },
  )

  test('no answer at all: likewise, when the time of the operation is over', async () => {
    const hasty = await writingForTest({ environment: { PUSHGRAPH_MAX_WAIT_MS: '300' } })
    const { id } = nth(hasty.standIn.data.detections)
    hasty.standIn.set({
      faults: ({ method }) => (method === 'PATCH' ? { kind: 'hang', applied: true } : undefined),
    })
    const answer = await hasty.ask(MUTATIONS.updateDetection, {
      input: { id, classification: 'AFTER' },
    })
    expect(answer.errors[0]?.extensions).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      reason: 'UPSTREAM_TIMEOUT',
      isAsAsked: true,
    })
    expect(hasty.sent()).toHaveLength(1)
  })

  test('a 429 is no such failure: it is sent again', async () => {
    let refusals = 0
    writing.standIn.set({
      faults: ({ method }) =>
        method === 'PATCH' && refusals++ < 1 ? { kind: 'error429' } : undefined,
    })
    const { data: answer, errors } = await mutate('updateDetection', {
      id: detection(8).id,
      classification: 'AFTER',
    })
    expect(errors).toEqual([])
    expect(answer.updateDetection.detection.classification).toBe('AFTER')
    expect(writing.sent()).toHaveLength(2)
  })

  test('nor is a connection that was never made', async () => {
    const gone = await writingForTest({ environment: { PUSHGRAPH_MAX_WAIT_MS: '300' } })
    await gone.standIn.close()
    const answer = await gone.ask(MUTATIONS.updateDetection, {
      input: { id: NO_ID, archived: true },
    })
    expect(codeOf(answer)).toBe('UPSTREAM_UNAVAILABLE')
  })
})
