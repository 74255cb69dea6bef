import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadInputError, GatewayError } from '../../../src/errors.ts'
import { formatDateTime, readDateTime } from '../../../src/graphql/schema/date-time.ts'

const first = Date.parse('0001-01-01T00:00:00Z') / 1000
const last = Date.parse('9999-12-31T23:59:59Z') / 1000
const anySecond = fc.integer({ min: first, max: last })

/** What the machine's own calendar writes, without the milliseconds that say nothing. */
const reference = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('.000Z', 'Z')

describe('a moment in an answer', () => {
  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [-1, '1969-12-31T23:59:59Z'],
    [1_714_564_800, '2024-05-01T12:00:00Z'],
    [951_782_400, '2000-02-29T00:00:00Z'],
    [-2_203_891_201, '1900-02-28T23:59:59Z'],
    [first, '0001-01-01T00:00:00Z'],
    [last, '9999-12-31T23:59:59Z'],
    [1_714_564_800.5, '2024-05-01T12:00:00.500Z'],
    [1_714_564_800.007, '2024-05-01T12:00:00.007Z'],
    [-0.25, '1969-12-31T23:59:59.750Z'],
    [1_714_564_799.9999, '2024-05-01T12:00:00Z'],
  ])('of %d seconds is %s', (seconds, text) => {
    expect(formatDateTime(seconds)).toBe(text)
  })

  it("is the calendar's own text in every year from 1 to 9999", () => {
    fc.assert(
      fc.property(anySecond, seconds => {
        expect(formatDateTime(seconds)).toBe(reference(seconds * 1000))
      }),
      { numRuns: 5_000 },
    )
  })

  it('is right on every first and last day of a month in four centuries', () => {
    for (let year = 1800; year < 2200; year++)
      for (let month = 0; month < 12; month++)
        for (const milliseconds of [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 0)])
          if (formatDateTime(milliseconds / 1000) !== reference(milliseconds))
            expect.fail(reference(milliseconds))
  })

  it('keeps the milliseconds of a clock', () => {
    fc.assert(
      fc.property(fc.integer({ min: first * 1000, max: last * 1000 }), milliseconds => {
        expect(formatDateTime(milliseconds / 1000)).toBe(reference(milliseconds))
      }),
    )
  })

  it.each([first - 1, last + 1, last + 0.9999, Infinity, NaN])(
    'outside the years 1 to 9999 (%d) is refused rather than written wrongly',
    seconds => {
      expect(() => formatDateTime(seconds)).toThrow(
        new GatewayError('UPSTREAM_INVALID', 'A moment lies outside the years 1 to 9999'),
      )
    },
  )
})

describe('a moment in an argument', () => {
  it.each([
    ['2024-05-01T12:00:00Z', 1_714_564_800],
    ['2024-05-01t12:00:00z', 1_714_564_800],
    ['2024-05-01T14:00:00+02:00', 1_714_564_800],
    ['2024-05-01T00:30:00-11:30', 1_714_564_800],
    ['2024-05-01T12:00:00-00:00', 1_714_564_800],
    ['2024-05-01T12:00:00.25Z', 1_714_564_800.25],
    ['2024-05-01T12:00:00.000000Z', 1_714_564_800],
    ['2024-02-29T00:00:00Z', 1_709_164_800],
    ['0001-01-01T00:00:00Z', first],
    ['0001-01-01T00:00:00+14:00', first - 14 * 3600],
    ['9999-12-31T23:59:59Z', last],
    ['9999-12-31T23:59:59-12:00', last + 12 * 3600],
    ['1969-12-31T23:59:59.5Z', -0.5],
  ])('of %s is %d seconds', (text, seconds) => {
    expect(readDateTime(text)).toBe(seconds)
  })

  it('is what another reader makes of it, with any offset', () => {
    const offset = fc
      .tuple(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59))
      .map(([sign, hour, minute]) => `${sign}${pad(hour)}:${pad(minute)}`)
    fc.assert(
      fc.property(anySecond, offset, (seconds, zone) => {
        const text = reference(seconds * 1000).replace('Z', zone)
        expect(readDateTime(text)).toBe(Date.parse(text) / 1000)
      }),
    )
  })

  it('compares with whole seconds as the written number does, however small its fraction', () => {
    const digits = fc.oneof(
      fc.stringMatching(/^[0-9]{1,30}$/),
      fc.nat(400).map(zeros => `${'0'.repeat(zeros)}1`),
      fc.nat(400).map(nines => '9'.repeat(nines + 1)),
    )
    fc.assert(
      fc.property(anySecond, digits, fc.constantFrom(-1, 0, 1), (seconds, fraction, apart) => {
        const moment = readDateTime(reference(seconds * 1000).replace('Z', `.${fraction}Z`))
        const row = seconds + apart
        // Both numbers times 10 to the number of digits, in whole numbers of any size.
        const scale = 10n ** BigInt(fraction.length)
        const exact = BigInt(seconds) * scale + BigInt(fraction)
        const exactRow = BigInt(row) * scale
        expect([row > moment, row === moment]).toEqual([exactRow > exact, exactRow === exact])
      }),
      { numRuns: 2_000 },
    )
  })

  it('of whole milliseconds is the number that a clock gives', () => {
    fc.assert(
      fc.property(fc.integer({ min: first * 1000, max: last * 1000 }), milliseconds => {
        expect(readDateTime(new Date(milliseconds).toISOString())).toBe(milliseconds / 1000)
      }),
    )
  })

  it.each([
    '',
    'yesterday',
    '1714564800',
    '2024-02-30',
    '2024-5-1',
    '2024-05-01Z',
    '2024-05-01T12:00:00',
    '2024-05-01 12:00:00Z',
    '2024-05-01T12:00Z',
    '2024-05-01T12:00:00.Z',
    '2024-05-01T12:00:00+02',
    '2024-05-01T12:00:00+0200',
    '2024-05-01T12:00:00+24:00',
    '2024-05-01T12:00:00+02:60',
    '2024-05-01T24:00:00Z',
    '2024-05-01T12:60:00Z',
    '2024-05-01T23:59:60Z',
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2024-04-31T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-00-01T00:00:00Z',
    '2024-05-00T00:00:00Z',
    '+02024-05-01T12:00:00Z',
    ' 2024-05-01T12:00:00Z',
    '2024-05-01T12:00:00Z\n',
    '٢٠٢٤-05-01T12:00:00Z',
  ])('written as %j is refused', text => {
    expect(() => readDateTime(text)).toThrow(
      expect.objectContaining({
        constructor: BadInputError,
        message: expect.stringMatching(/DateTime|There is no day/) as string,
      }),
    )
  })
})

const pad = (number: number): string => String(number).padStart(2, '0')
