import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acceptedCoding } from '../../../src/http/packing/accepted-coding.ts'

test.each([
  [undefined, undefined],
  ['', undefined],
  ['identity', undefined],
  ['deflate', undefined],
  ['compress, x', undefined],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['br', 'br'],
  ['zstd', 'zstd'],
  ['gzip, deflate', 'gzip'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['zstd;q=0.5, br;q=0.8, gzip', 'gzip'],
  ['br;q=0.9, gzip;q=0.9', 'br'],
  ['*', 'zstd'],
  ['gzip;q=0.5, *;q=0.4', 'gzip'],
  ['zstd;q=0, *', 'br'],
  ['zstd;q=0, br;q=0, gzip;q=0', undefined],
  ['gzip;q=0', undefined],
  ['*;q=0', undefined],
  ['identity, gzip;q=0.5', undefined],
  ['identity;q=0.5, gzip;q=1', 'gzip'],
  ['identity;q=0', undefined],
])('who sends Accept-Encoding: %s is answered in %s', (header, coding) => {
  expect(acceptedCoding(header)?.coding).toBe(coding)
})

test.each([
  ['gzip', false],
  ['gzip, identity', false],
  ['gzip, identity;q=0', true],
  ['gzip, *;q=0', true],
  ['gzip, identity;q=0.1, *;q=0', false],
])('who sends Accept-Encoding: %s takes no plain body: %s', (header, always) => {
  expect(acceptedCoding(header)).toEqual({ coding: 'gzip', always })
})

test('a header that is too long is not read', () => {
  expect(acceptedCoding(`gzip${' '.repeat(996)}`)?.coding).toBe('gzip')
  expect(acceptedCoding(`gzip${' '.repeat(997)}`)).toBeUndefined()
})

test('whatever is sent, nobody is answered in a coding that was not named', () => {
  fc.assert(
    fc.property(fc.string(), header => {
      const accepted = acceptedCoding(header)
      if (accepted === undefined || header.includes('*')) return
      expect(header.toLowerCase()).toContain(accepted.coding)
    }),
  )
})
