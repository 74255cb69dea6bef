import { describe, expect, test } from 'vitest'
import { UpstreamRefusedError } from '../../../src/errors.ts'
import { readPart } from '../../../src/store/reading/read-part.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { createFakeClock } from '../../support/clock.ts'
import { callAt, createFakeClient } from '../../support/fake-client.ts'
import { rowOf } from '../../support/rows.ts'

const FACT = 'accounts employeeId'

/** Fifteen accounts of one employee in pages of ten; `fails` says which request is refused, and how. */
const partOver = (fails: (n: number) => number | undefined, verdict?: string) => {
  const clock = createFakeClock()
  const client = createFakeClient({
    clock,
    lists: {
      accounts: Array.from({ length: 15 }, (_, n) =>
        rowOf('accounts', { id: `a${n}`, employeeId: 'e' }),
      ),
    },
    before: (_asked, n) => {
      const status = fails(n)
      if (status !== undefined) throw new UpstreamRefusedError('no', status)
    },
  })
  if (verdict !== undefined) client.facts.set(FACT, verdict)
  const table = createTable('accounts', 'epoch')
  const read = () =>
    readPart(client, {
      table,
      parameter: 'employeeId',
      value: 'e',
      belongs: ({ employeeId }) => employeeId === 'e',
      call: callAt(clock),
    })
  return { client, table, read }
}

describe('a parameter', () => {
  test('is known to filter once rows have come that belong', async () => {
    const { client, table, read } = partOver(() => undefined)
    expect(await read()).toMatchObject({ gaps: [] })
    expect([client.facts.get(FACT), table.size]).toEqual(['filters', 15])
  })

  test('is known to be refused where Push calls its first use a mistake', async () => {
    const { client, read } = partOver(() => 400)
    expect(await read()).toBeUndefined()
    expect(client.facts.get(FACT)).toBe('refused')
  })

  test.each<[why: string, n: number, status: number, verdict: string | undefined]>([
    ['the key may not read the list', 1, 403, undefined],
    ['the list is not there', 1, 404, undefined],
    ['a later page is called a mistake', 2, 400, undefined],
    ['it has worked before', 1, 400, 'filters'],
  ])('is not known to be refused where %s', async (_why, n, status, verdict) => {
    const { client, read } = partOver(at => (at === n ? status : undefined), verdict)
    await expect(read()).rejects.toMatchObject({ status })
    expect(client.facts.get(FACT)).not.toBe('refused')
  })
})
