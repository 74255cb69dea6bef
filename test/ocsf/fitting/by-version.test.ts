import { expect, test } from 'vitest'
import { byVersion } from '../../../src/ocsf/fitting/by-version.ts'
import { ocsfVersions } from '../../../src/ocsf/ocsf.ts'

test('what is made of a version is made once, and not before it is asked for', () => {
  const asked: string[] = []
  const made = byVersion(version => {
    asked.push(version)
    return { version }
  })
  expect(asked).toEqual([])
  expect(made['1.8.0']).toEqual({ version: '1.8.0' })
  expect(made['1.8.0']).toBe(made['1.8.0'])
  expect(asked).toEqual(['1.8.0'])
  expect(Object.keys(made)).toEqual(ocsfVersions)
})
