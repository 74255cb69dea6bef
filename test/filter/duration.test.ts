import { describe, expect, it } from 'vitest'
import { BadInputError } from '../../src/errors.ts'
import { durationSeconds } from '../../src/filter/duration.ts'

describe('a duration', () => {
  it.each([
    ['P1W', 604_800],
    ['P1D', 86_400],
    ['PT1H', 3_600],
    ['PT1M', 60],
    ['PT1S', 1],
    ['PT0.25S', 0.25],
    ['PT1,5H', 5_400],
    ['P1W2DT3H4M5S', 604_800 + 2 * 86_400 + 3 * 3_600 + 4 * 60 + 5],
    ['p7d', 604_800],
    ['PT0S', 0],
    ['P007D', 604_800],
    ['2w', 1_209_600],
    ['7d', 604_800],
    ['7D', 604_800],
    ['1.5h', 5_400],
    ['30m', 1_800],
    ['45s', 45],
  ])('%s is %d seconds', (text, seconds) => {
    expect(durationSeconds(text, 'filter')).toBe(seconds)
  })

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    '7',
    'd',
    '7 d',
    '7y',
    '-7d',
    '1d12h',
    'P1M',
    'P1Y',
    'P-7D',
    '-P7D',
    'P1H',
    'PT1D',
    'P1D1W',
    'P 7D',
    'P.5D',
  ])('is not: %s', text => {
    expect(() => durationSeconds(text, 'filter')).toThrow(
      expect.objectContaining({
        constructor: BadInputError,
        message:
          'filter must be an ISO 8601 duration without years and months, such as P7D or PT12H, or 7d, 12h or 30m',
      }),
    )
  })
})
