import { expect, test } from 'vitest'
import { spokenAppType } from '../../src/model/enums.ts'

test.each([
  ['GOOGLE_WORKSPACE', 'Google Workspace'],
  ['MICROSOFT_365', 'Microsoft 365'],
  ['GITHUB', 'GitHub'],
  ['Own app', 'Own app'],
])('the app type %s is called %s', (type, name) => {
  expect(spokenAppType(type)).toBe(name)
})
