import { describe, expect, it } from 'vitest'
import { createChangeQueue } from '../../../src/events/changes/change-queue.ts'
import type { FullList } from '../../../src/events/known/noting.ts'
import type { KnownRead, Notice, Told, WholeAnswer } from '../../../src/model/known-rows.ts'
import { createFakeClock } from '../../support/clock.ts'
import { isNow } from '../../support/notices.ts'
import { rowOf } from '../../support/rows.ts'

const change = (id: string, collection: 'employees' | 'apps' = 'employees') =>
  isNow(collection, rowOf(collection, { id }), 2_000)

const queueOver = (
  write: (ids: readonly string[]) => WholeAnswer | undefined,
  maxWaiting?: number,
  knownReads?: readonly KnownRead[],
) => {
  const clock = createFakeClock()
  const problems: string[] = []
  const queue = createChangeQueue({
    write: async (all: readonly Told[]) => {
      const answer = write(all.map(nameOf))
      return Promise.resolve({
        stored: 0,
        cut: 0,
        refused: 0,
        full: [],
        answer: answer ?? undefined,
      })
    },
    clock,
    onNoted: () => undefined,
    onProblem: message => problems.push(message),
    ...(maxWaiting === undefined ? {} : { maxWaiting }),
    ...(knownReads === undefined ? {} : { knownReads }),
  })
  return { queue, clock, problems }
}

const nameOf = (told: Told): string => {
  if (told.kind === 'row') return told.id
  return told.kind === 'whole' && told.isKnown === true ? 'known' : told.kind
}

/** A table is whole. */
const whole = (answered: (answer: WholeAnswer) => void): Notice => ({
  ...{ kind: 'whole', collection: 'employees', table: 'test', at: 1_000, until: 2_000, told: 1 },
  ...{ isRead: true, answered },
})

describe('changes on their way', () => {
  it('go together where they come together, up to 200 rows, and in their order', async () => {
    const written: (readonly string[])[] = []
    const { queue } = queueOver(ids => {
      written.push(ids)
      return undefined
    })
    for (let id = 0; id < 201; id += 1) queue.add('default', change(String(id)))
    await queue.drain()
    expect(written.map(ids => ids.length)).toEqual([200, 1])
    expect(written.flat()).toEqual(Array.from({ length: 201 }, (_, id) => String(id)))
  })

  it('go in smaller parts where they are large', async () => {
    const written: (readonly string[])[] = []
    const { queue } = queueOver(ids => {
      written.push(ids)
      return undefined
    })
    for (const id of ['a', 'b', 'c']) {
      const row = rowOf('apps', { id, notes: 'x'.repeat(150_000) })
      queue.add('default', isNow('apps', row, 2_000))
    }
    await queue.drain()
    expect(written).toEqual([['a', 'b'], ['c']])
  })

  it('of a table that has left memory are dropped as far as they wait, and those of others go on', async () => {
    const written: (readonly string[])[] = []
    const writes: (() => void)[] = []
    const { queue } = queueOver(ids => {
      written.push(ids)
      // While the first are being written.
      if (written.length === 1) for (const next of writes) next()
      return undefined
    })
    const of = (table: string, id: string): Notice => ({ ...change(id), table })
    for (let id = 0; id < 250; id += 1) queue.add('default', of('one', `one ${id}`))
    for (const id of ['a', 'b']) queue.add('default', of('other', id))
    writes.push(() => {
      queue.add('default', { kind: 'left', collection: 'employees', table: 'one' })
      queue.add('default', of('one more', 'c'))
    })
    await queue.drain()
    expect(written[0]).toEqual(Array.from({ length: 200 }, (_, id) => `one ${id}`))
    expect(written.slice(1).flat()).toEqual(['a', 'b', 'left', 'c'])
  })

  describe('of a read that is known', () => {
    const read = { connector: 'default', collection: 'employees', at: 1_000, until: 2_000 } as const
    const heard: WholeAnswer[] = []
    const isWhole = whole(answer => heard.push(answer))
    const told = async (
      notices: readonly Notice[],
      knownReads: readonly KnownRead[],
      answers: readonly WholeAnswer[] = [],
    ): Promise<readonly string[]> => {
      const written: string[] = []
      const left = [...answers]
      const { queue } = queueOver(
        ids => {
          written.push(...ids)
          return ids.includes('whole') || ids.includes('known')
            ? (left.shift() ?? 'known')
            : undefined
        },
        undefined,
        knownReads,
      )
      for (const notice of notices) {
        queue.add('default', notice)
        if (notice.kind === 'whole') await queue.drain()
      }
      await queue.drain()
      return written
    }
    const event = (id: string): Notice =>
      isNow('employees', rowOf('employees', { id }), 1_500, 'EVENT')
    const later = { ...isWhole, until: 2_001 } as Notice
    const newer = { ...isWhole, at: 1_001 } as Notice
    const probe = { ...isWhole, isRead: false } as Notice
    const again: Notice = { kind: 'again', collection: 'employees', table: 'test' }

    it('are not told once more, but for what events told', async () => {
      expect(await told([change('a'), event('b'), change('c'), isWhole], [read])).toEqual([
        'b',
        'known',
      ])
      expect(heard.at(-1)).toBe('known')
    })

    it.each([
      ['another read', [change('a'), newer], ['a', 'whole']],
      ['a probe', [change('a'), probe], ['a', 'whole']],
      ['a read with something later', [change('a'), later], ['a', 'whole']],
      [
        'one that tells all again',
        [change('a'), again, change('a'), isWhole],
        ['a', 'again', 'a', 'whole'],
      ],
    ])('are told of %s', async (_, notices, written) => {
      expect(await told(notices, [read])).toEqual(written)
    })

    describe('while not all of it is here', () => {
      const written: string[] = []
      const begin = (knownReads: readonly KnownRead[]) => {
        written.length = 0
        return queueOver(
          ids => {
            written.push(...ids)
            return ids.includes('whole') || ids.includes('known') ? 'known' : undefined
          },
          undefined,
          knownReads,
        )
      }
      const readAt = (at: number): Notice =>
        isNow('employees', rowOf('employees', { id: `at ${at}` }), at)

      it('wait for the rest, and are not written at all', async () => {
        const { queue, clock } = begin([read])
        for (const at of [1_000, 1_500, 2_000]) queue.add('default', readAt(at))
        await clock.advance(1_000)
        expect(written).toEqual([])
        queue.add('default', isWhole)
        await clock.advance(0)
        expect(written).toEqual(['known'])
        await clock.advance(60_000)
        expect(written).toEqual(['known'])
      })

      it.each([
        ['older than it', readAt(999), 'at 999'],
        ['newer than it', readAt(2_001), 'at 2001'],
        ['told of by an event', event('b'), 'b'],
        ['told of again', again, 'again'],
        ['all of a read that is not known', later, 'whole'],
      ])('wait no longer once something comes that is %s', async (_, notice, name) => {
        const { queue, clock } = begin([read])
        queue.add('default', readAt(1_500))
        queue.add('default', notice)
        await clock.advance(0)
        expect(written).toEqual(['at 1500', name])
      })

      it('wait no longer than ten seconds, though others keep coming', async () => {
        const { queue, clock } = begin([read])
        for (let seconds = 0; seconds < 11; seconds += 1) {
          expect(written).toEqual([])
          queue.add('default', readAt(1_000 + seconds))
          await clock.advance(seconds < 10 ? 999 : 11)
        }
        expect(written).toHaveLength(11)
      })

      it('wait ten seconds each list, whenever another began to', async () => {
        const { queue, clock } = begin([read, { ...read, collection: 'apps' }])
        queue.add('default', readAt(1_500))
        await clock.advance(6_000)
        queue.add('default', { ...readAt(1_501), table: 'other', collection: 'apps' })
        await clock.advance(4_000)
        expect(written).toEqual(['at 1500'])
        await clock.advance(5_999)
        expect(written).toEqual(['at 1500'])
        await clock.advance(1)
        expect(written).toEqual(['at 1500', 'at 1501'])
      })

      it('are told as they were read, in their order, however many of them waited together', async () => {
        const tenants = [1, 2].map(sinceSeconds => ({ id: 'tenant', sinceSeconds }))
        const all: Told[] = []
        const queue = createChangeQueue({
          write: async told => {
            all.push(...told)
            return Promise.resolve({ stored: 0, cut: 0, refused: 0, full: [], answer: undefined })
          },
          clock: createFakeClock(),
          knownReads: [read],
          onNoted: () => undefined,
        })
        const reads = [1_000, 1_000, 1_000, 1_000, 1_500, 1_000].map((at, nth) => {
          const row = rowOf('employees', { id: `${nth}`, firstName: `name ${nth}` })
          return { at, row, tenant: tenants[nth < 2 ? 0 : 1] }
        })
        for (const { at, row, tenant } of reads)
          queue.add('default', isNow('employees', row, at), tenant)
        queue.add('default', event('last'))
        await queue.drain()
        expect(all.pop()).toMatchObject({ id: 'last' })
        expect(all).toMatchObject(
          reads.map(({ at, row, tenant }) => ({
            ...{ kind: 'row', connector: 'default', collection: 'employees', table: 'test' },
            ...{ id: row.id, row: JSON.stringify(row), at: at / 1_000, tenant },
          })),
        )
      })

      it('hold up nobody else', async () => {
        const { queue, clock } = begin([read])
        queue.add('default', readAt(1_500))
        queue.add('default', { ...readAt(1_501), table: 'other', collection: 'apps' })
        await clock.advance(0)
        expect(written).toEqual(['at 1501'])
      })

      it('are written before it closes', async () => {
        const { queue } = begin([read])
        queue.add('default', readAt(1_500))
        await queue.drain()
        expect(written).toEqual(['at 1500'])
      })
    })

    it('are known once the file said so, and no more once it did not', async () => {
      const twice = [change('a'), isWhole, change('b'), isWhole]
      expect(await told(twice, [])).toEqual(['a', 'whole', 'known'])
      expect(await told([...twice, change('c'), isWhole], [read], ['unsure'])).toEqual([
        ...['known', 'b', 'whole', 'known'],
      ])
    })
  })

  describe('of a list of which nothing is known, and nothing can be for want of room', () => {
    const employees = { connector: 'default', collection: 'employees' } as const

    /** Rows of lists that are full are not taken in. */
    const withFull = (full: readonly FullList[]) => {
      const clock = createFakeClock()
      const written: string[] = []
      const queue = createChangeQueue({
        write: async all => {
          written.push(...all.map(nameOf))
          const met = full.filter(({ collection }) => all.some(of => of.collection === collection))
          return Promise.resolve({ stored: 0, cut: 0, refused: 1, full: met, answer: undefined })
        },
        clock,
        onNoted: () => undefined,
      })
      const tell = async (...notices: readonly Notice[]): Promise<readonly string[]> => {
        for (const notice of notices) queue.add('default', notice)
        await clock.advance(0)
        return written.splice(0)
      }
      return { queue, clock, tell }
    }
    const isWhole = whole(() => undefined)
    const gone: Notice = {
      ...{ kind: 'row', collection: 'employees', table: 'test', id: 'gone', row: undefined },
      ...{ at: 2_000, learntFrom: 'READ' },
    }

    it('are not told for ten minutes, but for what events tell; those of others are', async () => {
      const { queue, clock, tell } = withFull([{ ...employees, isUnknown: true }])
      expect(await tell(change('a'))).toEqual(['a'])
      const again: Notice = { kind: 'again', collection: 'employees', table: 'test' }
      expect(await tell(change('b'), gone, again, isWhole)).toEqual([])
      const event = isNow('employees', rowOf('employees', { id: 'c' }), 2_000, 'EVENT')
      const left: Notice = { kind: 'left', collection: 'employees', table: 'test' }
      expect(await tell(event, change('d', 'apps'))).toEqual(['c', 'd'])
      expect(await tell(left)).toEqual(['left'])
      queue.add('other', change('e'))
      expect(await tell()).toEqual(['e'])
      await clock.advance(599_999)
      expect(await tell(change('f'))).toEqual([])
      await clock.advance(1)
      expect(await tell(change('g'), isWhole)).toEqual(['g', 'whole'])
      expect(await tell(change('h'))).toEqual([])
    })

    it('are dropped where they wait', async () => {
      const { tell } = withFull([{ ...employees, isUnknown: true }])
      const ids = Array.from({ length: 500 }, (_, id) => String(id))
      const told = await tell(...ids.map(id => change(id)), isWhole, change('app', 'apps'))
      expect(told).toEqual([...ids.slice(0, 200), 'app'])
    })

    it('are told where some of it is known', async () => {
      const { tell } = withFull([{ ...employees, isUnknown: false }])
      await tell(change('a'))
      expect(await tell(change('b'), isWhole)).toEqual(['b', 'whole'])
    })
  })

  it('end with word that a table is whole, which is told again as long as there is more', async () => {
    const written: (readonly string[])[] = []
    const answers: WholeAnswer[] = ['more', 'more', ['b']]
    const heard: WholeAnswer[] = []
    const { queue } = queueOver(ids => {
      written.push(ids)
      return ids.includes('whole') ? answers.shift() : undefined
    })
    queue.add('default', change('a'))
    queue.add(
      'default',
      whole(answer => heard.push(answer)),
    )
    queue.add('default', change('b'))
    await queue.drain()
    expect(written).toEqual([['a', 'whole'], ['whole'], ['whole'], ['b']])
    expect(heard).toEqual([['b']])
  })

  it('are tried again where they cannot be written, which is said once', async () => {
    let isFull = true
    const written: (readonly string[])[] = []
    const { queue, clock, problems } = queueOver(ids => {
      if (isFull) throw new Error('the disk is full')
      written.push(ids)
      return undefined
    })
    queue.add('default', change('a'))
    await queue.drain()
    await clock.advance(1_000)
    await queue.drain()
    queue.add('default', change('b'))
    expect(problems).toHaveLength(1)
    isFull = false
    await clock.advance(1_000)
    await queue.drain()
    expect(written.flat()).toEqual(['a', 'b'])
    expect(problems).toHaveLength(2)
  })

  it('are lost where too many wait, which is said, and told of each list afterwards', async () => {
    let isFull = true
    const written: (readonly string[])[] = []
    const { queue, clock, problems } = queueOver(ids => {
      if (isFull) throw new Error('the disk is full')
      written.push(ids)
      return undefined
    }, 2)
    queue.add('default', change('a'))
    await queue.drain()
    for (const id of ['b', 'c', 'd']) queue.add('default', change(id))
    queue.add('default', change('e', 'apps'))
    expect(problems.filter(problem => problem.includes('lost'))).toHaveLength(1)
    isFull = false
    await clock.advance(1_000)
    await queue.drain()
    queue.add('default', change('f'))
    await queue.drain()
    expect(written.flat()).toEqual(['a', 'b', 'missed', 'missed', 'f'])
  })

  it('wait as a hundred thousand where nothing is said', async () => {
    const { queue, problems } = queueOver(() => {
      throw new Error('the disk is full')
    })
    queue.add('default', change('0'))
    await queue.drain()
    for (let id = 1; id < 100_000; id += 1) queue.add('default', change(String(id)))
    expect(problems.filter(problem => problem.includes('lost'))).toEqual([])
    queue.add('default', change('one more'))
    expect(problems.filter(problem => problem.includes('lost'))).toHaveLength(1)
  })

  it('wait without a bound as long as they can be written', async () => {
    const written: (readonly string[])[] = []
    const { queue } = queueOver(ids => {
      written.push(ids)
      return undefined
    }, 2)
    for (const id of ['a', 'b', 'c', 'd']) queue.add('default', change(id))
    await queue.drain()
    expect(written.flat()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('are taken no more once it has ended', async () => {
    const written: (readonly string[])[] = []
    const { queue } = queueOver(ids => {
      written.push(ids)
      return undefined
    })
    queue.end()
    queue.add('default', change('a'))
    await queue.drain()
    expect(written).toEqual([])
  })
})
