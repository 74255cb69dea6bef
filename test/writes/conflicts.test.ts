/** Two analysts, one object: `ifUnchangedSince` over HTTP. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MUTATIONS, startWriting, type Writing } from '../support/writing.ts'

let writing: Writing
beforeAll(async () => {
  writing = await startWriting()
})
afterAll(() => writing.stop())
beforeEach(() => writing.standIn.reset())

const revisionOf = async (type: string, id: string): Promise<string> => {
  const { data } = await writing.ask(`{ ${type}(id: "${id}") { revision } }`)
  return data[type].revision as string
}
const idOf = (n: number): string => writing.standIn.data.detections[n]?.id ?? ''
const triage = (input: object) => writing.ask(MUTATIONS.updateDetection, { input })

describe('a change on condition', () => {
  test('is made where nothing has changed, and its answer has the next revision', async () => {
    const id = idOf(0)
    const first = await triage({
      id,
      classification: 'A',
      ifUnchangedSince: await revisionOf('detection', id),
    })
    expect(first.errors).toEqual([])
    const { revision } = first.data.updateDetection.detection
    const second = await triage({ id, classification: 'B', ifUnchangedSince: revision })
    expect(second.errors).toEqual([])
    expect(await revisionOf('detection', id)).toBe(second.data.updateDetection.detection.revision)
  })

  test('is not sent where somebody changed it in Push meanwhile, and names the fields', async () => {
    const id = idOf(1)
    const seen = await revisionOf('detection', id)
    writing.standIn.update('detections', id, { classification: 'THEIRS', severity: 'CRITICAL' })
    const input = { id, archived: true, ifUnchangedSince: seen, clientMutationId: 'conflict' }
    const { data, errors } = await triage(input)
    expect(data).toEqual({ updateDetection: null })
    expect(errors[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      changed: expect.arrayContaining(['classification']) as unknown,
    })
    expect(JSON.stringify(errors)).not.toContain('THEIRS')
    expect(writing.sent()).toEqual([])
    // The object was read anew for it: whoever looks now sees what is.
    expect(await revisionOf('detection', id)).not.toBe(seen)
    const decided = { ...input, ifUnchangedSince: await revisionOf('detection', id) }
    expect((await triage(decided)).errors).toEqual([])
  })

  test('of two at once on what both saw, one is made and one is told', async () => {
    const id = idOf(2)
    const ifUnchangedSince = await revisionOf('detection', id)
    const words = ['MINE', 'YOURS']
    const answers = await Promise.all(
      words.map(classification => triage({ id, classification, ifUnchangedSince })),
    )
    expect(answers.map(({ errors }) => errors[0]?.extensions['code'] ?? 'made').sort()).toEqual([
      'CONFLICT',
      'made',
    ])
    expect(writing.sent()).toHaveLength(1)
  })

  test('needs a revision of that object', async () => {
    const [one, other] = [idOf(3), idOf(4)]
    const ifUnchangedSince = await revisionOf('detection', other)
    const { errors } = await triage({ id: one, archived: true, ifUnchangedSince })
    expect(errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      path: 'input.ifUnchangedSince',
    })
    expect(writing.sent()).toEqual([])
  })

  test('gives null where the object has gone, and holds for every type', async () => {
    const account = writing.standIn.data.accounts[0]?.id ?? ''
    const seen = await revisionOf('account', account)
    writing.standIn.remove('accounts', account)
    const { data } = await writing.ask(MUTATIONS.deleteAccount, {
      input: { id: account, ifUnchangedSince: seen },
    })
    expect(data.deleteAccount).toMatchObject({ deletedAccountId: null })
    expect(writing.sent()).toEqual([])

    const { id, licensed } = writing.standIn.data.employees[0] ?? { id: '', licensed: false }
    const employee = await revisionOf('employee', id)
    writing.standIn.update('employees', id, { department: 'Another one' })
    const refused = await writing.ask(MUTATIONS.updateEmployee, {
      input: { id, licensed: !licensed, ifUnchangedSince: employee },
    })
    expect(refused.errors[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      changed: ['department'],
    })
  })

  test('works where objects cannot be read by their ids', async () => {
    const { id } = writing.standIn.data.apps[0] ?? { id: '' }
    const seen = await revisionOf('app', id)
    writing.standIn.update('apps', id, { notes: 'somebody else’s' })
    const { errors } = await writing.ask(MUTATIONS.updateApp, {
      input: { id, approvalStatus: 'APPROVED', ifUnchangedSince: seen },
    })
    expect(errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', changed: ['notes'] })
  })
})
