/** A list read as a part of an export: all of it, once, in order, whatever its paging does and wherever it was broken off. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UpstreamRefusedError } from '../../src/errors.ts'
import { createCollectionPart } from '../../src/export/collection-part.ts'
import type { Batch } from '../../src/export/part.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import type { Position } from '../../src/paging/resume-point.ts'
import { createFakeSource, type FakeSource } from '../support/fake-source.ts'
import { readingTerms } from '../support/reading-terms.ts'
import { detectionEvent, rowOf } from '../support/rows.ts'

const list = (length: number) =>
  Array.from({ length }, (_, index) =>
    rowOf('accounts', { id: `a${index}`, createdAt: 1_000 + index }),
  )

const partOf = (
  source: FakeSource,
  name: CollectionName = 'accounts',
  range: { since?: number; until?: number } = {},
  toState?: (row: object) => object,
) =>
  createCollectionPart({
    connector: 'default',
    name,
    source,
    width: source.width,
    range: { since: range.since, until: range.until },
    retry: ask => ask(),
    clock: systemClock,
    toValue: row => row,
    toState,
  })

/** What an export notes of a part, and how it reads on. */
interface Noted {
  readonly ids: string[]
  position: Position | undefined
  readonly losses: string[]
}

/** Reads until so many batches have come; true where that was all. */
const read = async (
  part: ReturnType<typeof partOf>,
  noted: Noted,
  batches = Infinity,
): Promise<boolean> => {
  const leave = new AbortController()
  const reading = readingTerms({
    isWritten: id => noted.ids.includes(id),
    signal: leave.signal,
    onLoss: what => noted.losses.push(what),
  })
  let left = batches
  for await (const batch of part.read(noted.position, reading)) {
    note(batch, noted)
    left -= 1
    if (left === 0) {
      leave.abort(new Error('enough'))
      return false
    }
  }
  return true
}

const note = ({ items, position }: Batch, noted: Noted): void => {
  for (const { id } of items) if (!noted.ids.includes(id)) noted.ids.push(id)
  // As it is kept between two processes.
  noted.position = JSON.parse(JSON.stringify(position)) as Position
}

const anySource = fc
  .record({
    length: fc.integer({ min: 0, max: 60 }),
    pageSize: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 6 }),
    offset: fc.constantFrom(
      'works' as const,
      'ignored' as const,
      'refused' as const,
      'without token' as const,
    ),
    emptyEvery: fc.constantFrom(0, 3),
    shortEvery: fc.constantFrom(0, 2),
    isKnown: fc.boolean(),
  })
  // Half a page of three rows is two: the one that overlaps and one that tells that there is more. And an empty page
  // without a word of more is that of a list that has shrunk.
  .filter(
    ({ offset, emptyEvery, shortEvery, pageSize }) =>
      offset !== 'without token' || (emptyEvery === 0 && (shortEvery === 0 || pageSize > 2)),
  )

describe('a part', () => {
  test('is read whole and in order, wherever it is broken off, and whether or not its tokens last', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySource,
        fc.array(
          fc.record({ batches: fc.integer({ min: 1, max: 8 }), isForgotten: fc.boolean() }),
          {
            maxLength: 4,
          },
        ),
        async ({ length, isKnown, ...options }, breaks) => {
          const rows = list(length)
          const source = createFakeSource({
            rows,
            expected: isKnown ? length : undefined,
            ...options,
          })
          const noted: Noted = { ids: [], position: undefined, losses: [] }
          let isWhole = false
          for (const { batches, isForgotten } of breaks) {
            if (isWhole) break
            isWhole = await read(partOf(source), noted, batches)
            if (isForgotten) source.forgetTokens()
          }
          if (!isWhole) await read(partOf(source), noted)
          expect(noted.ids).toEqual(rows.map(({ id }) => id))
        },
      ),
      {
        numRuns: 400,
        // Behind the first row alone, offset 0 brings what follows even where offsets are passed over.
        examples: [
          [
            {
              length: 2,
              pageSize: 2,
              width: 1,
              offset: 'ignored',
              emptyEvery: 0,
              shortEvery: 2,
              isKnown: false,
            },
            [{ batches: 1, isForgotten: false }],
          ],
        ],
      },
    )
  })

  test('asks for no page in vain but those of its width', async () => {
    for (const isKnown of [true, false])
      for (const width of [1, 3, 6]) {
        const rows = list(95)
        const source = createFakeSource({
          rows,
          pageSize: 10,
          width,
          offset: 'works',
          expected: isKnown ? rows.length : undefined,
        })
        await read(partOf(source), { ids: [], position: undefined, losses: [] })
        // Neighbours overlap by a row, so that 95 rows are eleven pages of ten.
        expect(source.asked.length).toBeGreaterThanOrEqual(11)
        expect(source.asked.length).toBeLessThanOrEqual(isKnown ? 11 : 11 + width)
      }
  })

  test('asks for several pages at once, and never for more than its width', async () => {
    let underWay = 0
    let most = 0
    const waiting: (() => void)[] = []
    const source = createFakeSource({
      rows: list(400),
      pageSize: 10,
      width: 4,
      offset: 'works',
      expected: 400,
      before: async () => {
        underWay += 1
        most = Math.max(most, underWay)
        await new Promise<void>(resolve => {
          waiting.push(resolve)
          setImmediate(() => waiting.shift()?.())
        })
        underWay -= 1
      },
    })
    await read(partOf(source), { ids: [], position: undefined, losses: [] })
    expect(most).toBe(4)
  })

  test('is held in memory a few pages at a time, however slowly it is written', async () => {
    const source = createFakeSource({
      rows: list(5_000),
      pageSize: 10,
      width: 6,
      offset: 'works',
      expected: 5_000,
    })
    const batches = partOf(source).read(undefined, readingTerms())[Symbol.asyncIterator]()
    for (let written = 1; written <= 40; written += 1) {
      await batches.next()
      // Whatever may still be asked for without a reader has been by then.
      for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve))
      expect(source.asked.length).toBeLessThanOrEqual(written + 7)
    }
    await batches.return?.()
  })

  test('ends where tokens lead in a circle', async () => {
    const source = createFakeSource({ rows: list(50), pageSize: 10, width: 1, offset: 'refused' })
    const circling: FakeSource = {
      ...source,
      page: async (name, request, asking) => ({
        ...(await source.page(name, request, asking)),
        nextToken: '1 10',
      }),
    }
    await expect(
      read(partOf(circling), { ids: [], position: undefined, losses: [] }),
    ).rejects.toThrow('goes in circles')
    const empty: FakeSource = {
      ...source,
      page: async (name, request, asking) => ({
        ...(await source.page(name, {}, asking)),
        rows: [],
        sent: 0,
        nextToken: `${Number(request.nextToken ?? 0) + 1}`,
      }),
    }
    await expect(read(partOf(empty), { ids: [], position: undefined, losses: [] })).rejects.toThrow(
      'goes in circles',
    )
  })

  test('is read on by offset where Push gives no token, and else fails and is gone on with there', async () => {
    const rows = list(30)
    const open = (offset: 'works' | 'ignored') =>
      createFakeSource({ rows, pageSize: 10, width: 1, offset, hasNoTokens: true })
    const noted: Noted = { ids: [], position: undefined, losses: [] }
    const cutOff = read(partOf(open('ignored')), noted)
    await expect(cutOff).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
      message:
        'Push says that there are more accounts than it sent, and gives no place from which they can be read on.',
    })
    expect(noted.ids).toHaveLength(10)
    // By now Push has been mended.
    const mended = open('works')
    expect(await read(partOf(mended), noted)).toBe(true)
    expect(noted.ids).toEqual(rows.map(({ id }) => id))
    expect(mended.asked[0]).toMatchObject({ offset: 9 })
  })

  test('that is cut off is read from its start in the next round', async () => {
    const source = createFakeSource({
      rows: list(30),
      pageSize: 10,
      width: 1,
      offset: 'ignored',
      hasNoTokens: true,
    })
    const noted: Noted = { ids: [], position: undefined, losses: [] }
    const inRounds = partOf(source, 'accounts', {}, row => row)
    await expect(read(inRounds, noted)).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' })
    expect(noted.position).toEqual({ sent: 0 })
  })

  test('is read from its start again where rows went while it was read, and all that is there is in it', async () => {
    const rows = list(30)
    let isMoving = true
    const source = createFakeSource({
      rows,
      pageSize: 10,
      width: 1,
      offset: 'refused',
      before: ({ nextToken }) => {
        if (isMoving && nextToken !== undefined) rows.shift()
      },
    })
    const noted: Noted = { ids: [], position: undefined, losses: [] }
    await expect(read(partOf(source), noted)).rejects.toThrow('changed while their pages were read')
    expect(rows.some(({ id }) => !noted.ids.includes(id))).toBe(true)
    isMoving = false
    expect(await read(partOf(source), noted)).toBe(true)
    expect(rows.filter(({ id }) => !noted.ids.includes(id))).toEqual([])
  })

  test('says so when Push refuses the tokens that it gave', async () => {
    const source = createFakeSource({ rows: list(50), pageSize: 10, width: 1, offset: 'refused' })
    const refusing: FakeSource = {
      ...source,
      page: (name, request, asking) =>
        request.nextToken === undefined
          ? source.page(name, request, asking)
          : Promise.reject(new UpstreamRefusedError('Invalid nextToken', 400)),
    }
    await expect(
      read(partOf(refusing), { ids: [], position: undefined, losses: [] }),
    ).rejects.toThrow('refuses the place in accounts that it gave itself')
  })
})

describe('the lists that a part tells of beside its own', () => {
  const employees = Array.from({ length: 30 }, (_, index) =>
    rowOf('employees', { id: `e${index}`, email: `e${index}@example.com` }),
  )
  const accounts = list(3).map((row, index) => ({ ...row, employeeId: `e${index * 14}` }))

  /** Accounts, each written as the address of its employee, whose list is read from `beside`. */
  const readBeside = async (beside: FakeSource) => {
    const own = createFakeSource({ rows: accounts, pageSize: 10, width: 1, offset: 'refused' })
    const source: FakeSource = {
      ...own,
      page: (name, request, call) =>
        (name === 'employees' ? beside : own).page(name, request, call),
    }
    const part = createCollectionPart({
      connector: 'default',
      name: 'accounts',
      source,
      width: source.width,
      range: { since: undefined, until: undefined },
      retry: ask => ask(),
      clock: systemClock,
      beside: ['employees'],
      toValue: ({ employeeId }, of) => ({ employee: of('employees', employeeId)?.id ?? null }),
    })
    const losses: string[] = []
    const values: unknown[] = []
    const reading = readingTerms({ onLoss: what => losses.push(what) })
    for await (const { items } of part.read(undefined, reading))
      values.push(...items.map(({ value }) => value))
    return { losses, values }
  }
  const pages = { rows: employees, pageSize: 10, width: 1, offset: 'ignored' } as const

  test('are read whole before the first object is written', async () => {
    expect(await readBeside(createFakeSource(pages))).toEqual({
      losses: [],
      values: [{ employee: 'e0' }, { employee: 'e14' }, { employee: 'e28' }],
    })
  })

  test('are told of where they end too soon', async () => {
    expect(await readBeside(createFakeSource({ ...pages, hasNoTokens: true }))).toEqual({
      losses: [
        'Push says that there are more employees than it sent, and gives no place from which they can be read on.',
      ],
      values: [{ employee: 'e0' }, { employee: null }, { employee: null }],
    })
  })

  test('are told of where the key may not read them', async () => {
    const refuse = (status: number) => () => {
      throw new UpstreamRefusedError('Push refuses the key', status)
    }
    expect(await readBeside(createFakeSource({ ...pages, before: refuse(403) }))).toEqual({
      losses: ['What tells of employees is missing: Push refuses the key'],
      values: [{ employee: null }, { employee: null }, { employee: null }],
    })
    await expect(readBeside(createFakeSource({ ...pages, before: refuse(404) }))).rejects.toThrow(
      'Push refuses the key',
    )
  })
})

describe('a range', () => {
  const apps = Array.from({ length: 30 }, (_, index) =>
    rowOf('apps', { id: `${index}`, createdAt: 1_000 + index }),
  )

  test('is asked for by parameter, and checked here', async () => {
    const source = createFakeSource({ rows: apps, pageSize: 10, width: 1, offset: 'works' })
    const noted: Noted = { ids: [], position: undefined, losses: [] }
    await read(partOf(source, 'apps', { since: 1_010, until: 1_020 }), noted)
    expect(noted.ids).toEqual(apps.slice(10, 20).map(({ id }) => id))
    for (const { parameters } of source.asked)
      expect(parameters).toEqual({ creationTimestampAfter: '1008' })
  })

  test('is the same where Push refuses the parameter', async () => {
    const source = createFakeSource({
      rows: apps,
      pageSize: 10,
      width: 1,
      offset: 'works',
      before: ({ parameters = {} }) => {
        if (Object.keys(parameters).length > 0)
          throw new UpstreamRefusedError('Unknown parameter', 400)
      },
    })
    const noted: Noted = { ids: [], position: undefined, losses: [] }
    await read(partOf(source, 'apps', { since: 1_010 }), noted)
    expect(noted.ids).toEqual(apps.slice(10).map(({ id }) => id))
    const { length } = source.asked
    await read(partOf(source, 'apps', { since: 1_010 }), { ...noted, ids: [], position: undefined })
    expect(source.asked.length - length).toBe(length - 1)
  })

  test('leaves out nothing that has no time of creation', async () => {
    const rows = [rowOf('browserExtensions', { id: 'x' })]
    const source = createFakeSource({ rows, pageSize: 10, width: 1, offset: 'works' })
    const noted: Noted = { ids: [], position: undefined, losses: [] }
    await read(partOf(source, 'browserExtensions', { since: 2_000_000_000 }), noted)
    expect(noted.ids).toEqual(['x'])
  })
})

describe('the events of detections', () => {
  const detections = Array.from({ length: 50 }, (_, index) =>
    rowOf('detections', { id: `${index}`, events: null }),
  )

  test('are read by id, some at once, and not again for what is written', async () => {
    const asked: string[] = []
    let underWay = 0
    let most = 0
    const source = createFakeSource({
      rows: detections,
      pageSize: 25,
      width: 4,
      offset: 'works',
      one: async id => {
        asked.push(id)
        underWay += 1
        most = Math.max(most, underWay)
        await new Promise(resolve => setImmediate(resolve))
        underWay -= 1
        return rowOf('detections', { id, events: [detectionEvent()] })
      },
    })
    const noted: Noted = { ids: [], position: undefined, losses: [] }
    expect(await read(partOf(source, 'detections'), noted, 1)).toBe(false)
    expect(noted.ids).toHaveLength(20)
    for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve))
    asked.length = 0
    await read(partOf(source, 'detections'), noted)
    expect(noted.ids).toEqual(detections.map(({ id }) => id))
    expect(asked).toEqual(detections.slice(20).map(({ id }) => id))
    expect(most).toBe(4)
    expect(noted.losses).toEqual([])
  })

  test('are left out where Push does not answer by id, which is asked three times and told', async () => {
    let asked = 0
    const source = createFakeSource({
      rows: detections,
      pageSize: 50,
      width: 1,
      offset: 'works',
      one: () => {
        asked += 1
        return Promise.resolve(null)
      },
    })
    const noted: Noted = { ids: [], position: undefined, losses: [] }
    await read(partOf(source, 'detections'), noted)
    expect(noted.ids).toHaveLength(50)
    expect(noted.losses).toHaveLength(50)
    expect(asked).toBe(3)
  })
})

test('the size of a list is learnt from a reading of the whole alone', async () => {
  const sizesLearnt = async (
    range: { since?: number; until?: number } = {},
    brokenOffAfter?: number,
  ): Promise<number[]> => {
    const sizes: number[] = []
    const source = createFakeSource({ rows: list(25), pageSize: 10, width: 1, offset: 'refused' })
    const part = partOf(
      { ...source, sizes: { ...source.sizes, set: (_name, rows) => sizes.push(rows) } },
      'accounts',
      range,
    )
    const noted: Noted = { ids: [], position: undefined, losses: [] }
    if (brokenOffAfter !== undefined) await read(part, noted, brokenOffAfter)
    await read(part, noted)
    return sizes
  }
  expect(await sizesLearnt()).toEqual([25])
  expect(await sizesLearnt({ since: 1_005 })).toEqual([])
  expect(await sizesLearnt({ until: 1_005 })).toEqual([])
  expect(await sizesLearnt({}, 1)).toEqual([])
})
