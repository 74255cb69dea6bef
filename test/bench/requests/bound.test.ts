import { describe, expect, test } from 'vitest'
import { besideScanMs, boundOf, pacedMs, pagesOf } from '../../../bench/requests/bound.ts'

const limits = { rate: 10, burst: 10, latencyMs: 120, jitter: 0 }

describe('the limiter alone', () => {
  test.each([
    [0, 0],
    [1, 120],
    [10, 120],
    // The eleventh goes a token's time after the first answer.
    [11, 340],
    [60, 5_240],
  ])('answers %i requests after %i ms at best', (requests, ms) => {
    expect(pacedMs(requests, limits)).toBe(ms)
  })

  test.each([
    [1, 120],
    // Half of the way from the middle to the slowest.
    [3, 132],
    [9, 139.2],
    // The quickest of ten answers is in after 100.4 ms.
    [60, 5_220.4],
  ])('answers %i requests after %d ms on average where latencies differ', (requests, ms) => {
    expect(pacedMs(requests, { ...limits, jitter: 0.2 })).toBeCloseTo(ms, 0)
  })

  test('gives one who asks beside a scan the next token', () => {
    expect(besideScanMs(limits)).toBe(220)
  })
})

describe('pages', () => {
  test.each([
    [0, 1],
    [1, 1],
    [200, 1],
    [201, 2],
    [12_000, 60],
  ])('of %i rows are %i', (rows, pages) => {
    expect(pagesOf(rows, 200)).toBe(pages)
  })
})

describe('the bound', () => {
  test('takes the cheaper access path of each need', () => {
    const needs = [
      { of: 'findings', ways: [{ name: 'scan', requests: 30 }] },
      {
        of: 'employees',
        ways: [
          { name: 'scan', requests: 5 },
          { name: 'by id', requests: 180, after: ['findings'] },
        ],
      },
    ]
    expect(boundOf(needs, limits)).toEqual({ requests: 35, ms: 2_740 })
  })

  test('waits for what must be known first', () => {
    const needs = [
      { of: 'detections', ways: [{ name: 'scan', requests: 1 }] },
      { of: 'events', ways: [{ name: 'by id', requests: 3, after: ['detections'] }] },
      { of: 'accounts', ways: [{ name: 'by id', requests: 2, after: ['events'] }] },
    ]
    expect(boundOf(needs, limits)).toEqual({ requests: 6, ms: 360 })
  })

  test('takes fewest requests and least time from different choices where they differ', () => {
    const needs = [
      { of: 'employees', ways: [{ name: 'first page', requests: 1 }] },
      {
        of: 'accounts',
        ways: [
          { name: 'scan', requests: 4 },
          { name: 'by employeeId', requests: 2, after: ['employees'] },
        ],
      },
    ]
    expect(boundOf(needs, limits)).toEqual({ requests: 3, ms: 120 })
  })

  test('does not wait for a need that costs nothing', () => {
    const needs = [
      { of: 'events', ways: [{ name: 'by id', requests: 0 }] },
      { of: 'accounts', ways: [{ name: 'by id', requests: 2, after: ['events'] }] },
    ]
    expect(boundOf(needs, limits)).toEqual({ requests: 2, ms: 120 })
  })
})
