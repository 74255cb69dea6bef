import { describe, expect, it } from 'vitest'
import { compareVersions, isVersion, versionTest } from '../../src/filter/versions.ts'

describe('a version', () => {
  it.each(['0', '125', '1.2', '125.0.6422.77', '01.002', '99999999999999999999.1'])(
    'is a text of numbers with dots between: %s',
    text => {
      expect(isVersion(text)).toBe(true)
    },
  )

  it.each(['', '.', '1.', '.1', '1..2', '1.2-beta', 'v1', '1,2', ' 1', '-1', '1\n'])(
    'is nothing else: %j',
    text => {
      expect(isVersion(text)).toBe(false)
    },
  )
})

describe('versions', () => {
  it.each([
    ['1.2', '1.10', -1],
    ['9', '10.0', -1],
    ['1.2', '1.2.0', 0],
    ['1.02', '1.2', 0],
    ['1.2.0.1', '1.2', 1],
    ['99999999999999999999', '100000000000000000000', -1],
    ['0', '0.0', 0],
  ])('%s and %s stand to each other as their numbers do', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign)
    expect(Math.sign(compareVersions(b, a))).toBe(sign === 0 ? 0 : -sign)
  })

  it('pass at their bound where that is asked for, and what is none passes nothing', () => {
    const passing = (['gt', 'gte', 'lt', 'lte'] as const).map(op =>
      ['1.9', '1.10.0', '2', 'beta', ''].filter(versionTest(op, '1.10')),
    )
    expect(passing).toEqual([['2'], ['1.10.0', '2'], ['1.9'], ['1.9', '1.10.0']])
  })
})
