import { expect, test } from 'vitest'
import {
  agoOf,
  signedOf,
  countOf,
  dayOf,
  spokenOf,
  percentOf,
} from '../../../../src/http/pages/overview/words.ts'

test.each([
  ['MFA_NOT_REGISTERED', 'MFA not registered'],
  ['BLOCKED_URL', 'Blocked URL'],
  ['COMPROMISED_HIBP', 'Compromised HIBP'],
  ['MACOS', 'macOS'],
  ['CHROME_OS', 'Chrome OS'],
  ['Engineering', 'Engineering'],
  [null, 'unknown'],
])('%j is written %j', (word, written) => {
  expect(spokenOf(word)).toBe(written)
})

test.each([
  [countOf(12_000), '12,000'],
  [signedOf(0), '±0'],
  [signedOf(1_200), '+1,200'],
  [signedOf(-3), '−3'],
  [percentOf(1, 3), '33 %'],
  [percentOf(1, 900), '< 1 %'],
  [percentOf(0, 0), '0 %'],
  [dayOf('2026-03-09'), '9 Mar'],
  [agoOf('2026-03-09T10:00:00Z', Date.UTC(2026, 2, 9, 10, 0, 59)), '59 s ago'],
  [agoOf('2026-03-09T10:00:00Z', Date.UTC(2026, 2, 9, 12, 5)), '2 h ago'],
  [agoOf('2026-03-01T10:00:00Z', Date.UTC(2026, 2, 9, 12, 5)), '8 days ago'],
])('%j is %j', (written, expected) => {
  expect(written).toBe(expected)
})
