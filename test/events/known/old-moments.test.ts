/** The moments at which a list agreed: what they take, and when they go. */
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Told } from '../../../src/model/known-rows.ts'
import { closeHistories, historyMakers } from './histories.ts'
import { is, whole } from './told-accounts.ts'

const HOUR = 3_600
const HOURS = 30
const NOW = 1_800_000_000

afterAll(closeHistories)

describe.each(historyMakers)('moments $name', maker => {
  const each = maker.name === 'in a file' ? 25 : 110

  /** A list that agreed at first, and then every hour. */
  const agreed = async () => {
    const history = await maker.open()
    onTestFinished(history.close)
    const { reading, rows } = history
    const noting = history.noting()
    const noteAt = (now: number, ...all: readonly Told[]) =>
      noting.note(all, { maxBytes: 1e9, now })
    const note = (...all: readonly Told[]) => noteAt(NOW, ...all)
    await note(is('a', 10), whole(10, 1))
    for (let hour = 1; hour <= HOURS; hour += 1) await note(whole(hour * HOUR, 1))
    return {
      ...history,
      note,
      noteAt,
      /** Without room for anything. */
      squeeze: (now = NOW) => noting.note([whole(HOURS * HOUR, 1)], { maxBytes: 1, now }),
      asOf: async (at: number) => (await reading.listThen('default', 'accounts', at)).asOf,
      taken: async () => {
        const [of] = await rows(
          table =>
            `SELECT moments_bytes AS bytes, (SELECT count(*) FROM known_whole) AS n FROM ${table}`,
        )
        return { bytes: Number(of?.['bytes']), n: Number(of?.['n']) }
      },
    }
  }

  it('are counted, whatever comes and goes', async () => {
    const { note, noteAt, taken, forget } = await agreed()
    const counted = async (n: number) => {
      expect(await taken()).toEqual({ bytes: n * each, n })
    }
    await counted(HOURS + 1)
    const readUntil = (at: number, until: number): Told => ({ ...whole(at, 1), ...{ until } })
    const last = HOURS * HOUR
    await note(readUntil(last + 1_000, last + 2_000))
    // It takes the place of the one before.
    await note(readUntil(last + 1_500, last + 1_600))
    await counted(HOURS + 2)
    // Some are of a clock that was set back.
    await noteAt(2 * HOUR, whole(2 * HOUR, 1))
    await counted(3)
    await forget({ kind: 'connector', alias: 'default' }, 100)
    await counted(0)
  })

  it('go by age and up to where changes went, but for the newest by then', async () => {
    const { note, purging, rows, asOf, taken } = await agreed()
    expect(await purging.purgeKnown(2 * HOUR + 100, 1)).toBe(1)
    expect(await purging.purgeKnown(2 * HOUR + 100, 10)).toBe(1)
    expect(await Promise.all([-1, 0, 100].map(after => asOf(2 * HOUR + after)))).toEqual([
      undefined,
      2 * HOUR,
      2 * HOUR,
    ])
    const later = HOURS * HOUR + 10
    await note(is('a', later, 'x'), is('a', later + 1, 'y'))
    await rows(table => `UPDATE ${table} SET cut_at = ${20 * HOUR} RETURNING 1`)
    expect(await purging.purgeKnown(0, 100)).toBe(18)
    expect(await asOf(20 * HOUR)).toBe(20 * HOUR)
    expect((await taken()).n).toBe(HOURS - 19)
  })

  it('make room where no change is left that could, a day of the oldest at once, but for the newest', async () => {
    const { squeeze, taken, asOf } = await agreed()
    await squeeze()
    expect((await taken()).n).toBe(HOURS - 24)
    expect(await Promise.all([25, 26].map(hour => asOf(hour * HOUR - 1)))).toEqual([
      undefined,
      25 * HOUR,
    ])
    await squeeze()
    await squeeze()
    expect((await taken()).n).toBe(1)
    expect(await asOf(NOW)).toBe(HOURS * HOUR)
  })

  it('are not looked for again for a minute where none was left, unless the clock was set back', async () => {
    const { squeeze, taken, rows } = await agreed()
    const another = () =>
      rows(() => 'INSERT INTO known_whole SELECT id, 1, 1, 1 FROM known_list RETURNING 1')
    for (let n = 0; n < 3; n += 1) await squeeze()
    await another()
    await squeeze(NOW + 59)
    expect((await taken()).n).toBe(2)
    await squeeze(NOW + 60)
    expect((await taken()).n).toBe(1)
    await squeeze(NOW + 60)
    await another()
    await squeeze(NOW)
    expect((await taken()).n).toBe(1)
  })
})
