import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openEventFile } from '../../src/events/event-file.ts'
import type { IndexPath } from '../../src/events/index-paths.ts'
import { scanPath, tableBy } from '../../src/events/windows.ts'
import { createWriting } from '../../src/events/writing.ts'
import { delivery, eventOf } from '../support/deliveries.ts'

const made = fc.record({
  email: fc.constantFrom(null, 'a@x.example', 'b@x.example', 'c@x.example'),
  url: fc.constantFrom(null, 'https://a.example/', 'https://a.example/1', 'https://b.example/'),
  occurredAt: fc.integer({ min: 1, max: 4 }),
  receivedAt: fc.integer({ min: 8, max: 20 }).map(at => at / 2),
})

const bounds = (values: fc.Arbitrary<number | string>) =>
  fc.record({ lower: values, upper: values }, { requiredKeys: [] })

const emails = fc.subarray(['a@x.example', 'b@x.example', 'none'], { minLength: 1 })
const path: fc.Arbitrary<IndexPath> = fc.oneof(
  bounds(fc.integer({ min: 0, max: 40 })).map(of => ({
    index: undefined,
    key: 'sequence' as const,
    ...of,
  })),
  bounds(fc.integer({ min: 0, max: 5 })).map(of => ({
    index: 'event_by_time',
    key: 'occurred_at' as const,
    ...of,
  })),
  bounds(fc.integer({ min: 8, max: 20 }).map(at => at / 2)).map(of => ({
    index: 'event_by_arrival',
    key: 'received_at' as const,
    ...of,
  })),
  bounds(fc.integer({ min: 0, max: 5 })).chain(of =>
    emails.map(values => ({
      index: 'event_by_email',
      equal: { column: 'email_key', values },
      key: 'occurred_at' as const,
      ...of,
    })),
  ),
  fc.constantFrom('https://a', 'https://a.example/1').map(lower => ({
    index: 'event_by_url',
    key: 'url' as const,
    lower,
    upper: 'https://b',
  })),
)

describe('the windows of a path', () => {
  it('have each of its rows once, however small they are, and in order where there is one', () => {
    fc.assert(
      fc.property(
        fc.array(made, { maxLength: 40 }),
        path,
        fc.constantFrom('ASC', 'DESC'),
        fc.integer({ min: 1, max: 6 }),
        (rows, of, direction, atOnce) => {
          const file = openEventFile(':memory:')
          onTestFinished(() => {
            if (file.isOpen) file.close()
          })
          createWriting(file).append(
            rows.map((row, n) => ({ ...eventOf(delivery({ id: String(n) })), ...row })),
          )
          const scan = scanPath(file, 'event', of, direction)
          const found: number[] = []
          const keys: unknown[] = []
          for (let window = scan.next(atOnce); window !== undefined; window = scan.next(atOnce)) {
            const { condition, index } = window
            const read = file
              .prepare(
                `SELECT sequence, ${of.key} AS at FROM ${tableBy('event', index)} WHERE ${condition.sql} ORDER BY at ${direction}`,
              )
              .all(...condition.values)
            found.push(...read.map(({ sequence }) => Number(sequence)))
            keys.push(...read.map(({ at }) => at))
          }
          const all = file.prepare(`SELECT sequence, email_key, ${of.key} AS at FROM event`).all()
          file.close()
          const { lower, upper, equal } = of
          const expected = all
            .filter(
              ({ at, email_key: email }) =>
                at !== null &&
                (lower === undefined ||
                  Number(at) >= Number(lower) ||
                  String(at) >= String(lower)) &&
                (equal === undefined || equal.values.includes(String(email))),
            )
            .filter(({ at }) =>
              typeof at === 'number'
                ? at >= Number(lower ?? -Infinity) && at <= Number(upper ?? Infinity)
                : String(at) >= String(lower) && String(at) <= String(upper),
            )
          expect(found.toSorted((a, b) => a - b)).toEqual(
            expected.map(({ sequence }) => Number(sequence)),
          )
          if ((equal?.values.length ?? 1) > 1) return
          const sorted = keys.toSorted((a, b) =>
            typeof a === 'number' ? a - Number(b) : String(a) < String(b) ? -1 : 1,
          )
          expect(keys).toEqual(direction === 'ASC' ? sorted : sorted.toReversed())
        },
      ),
      { numRuns: 300 },
    )
  })
})
