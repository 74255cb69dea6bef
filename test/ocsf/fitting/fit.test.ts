/** What fitting does with objects that a version would not take. */
import { describe, expect, test } from 'vitest'
import { type ClassName, facts, newest, type OcsfVersion } from '../../../src/ocsf/fitting/facts.ts'
import { fitAttribute, type Gleanings } from '../../../src/ocsf/fitting/fit.ts'
import { createShape } from '../../../src/ocsf/fitting/shape.ts'

/** One attribute of an event of that class, fitted to the version. */
const fit = (className: ClassName, name: string, value: unknown, version: OcsfVersion = newest) => {
  const definition = (of: OcsfVersion) => ({
    of: facts[of].classes.get(className),
    version: facts[of],
  })
  const shape = createShape(definition(newest), definition(version))
  const fitted: Record<string, unknown> = {}
  const out: Gleanings = { lost: [], observables: [] }
  const isThere = fitAttribute(shape, name, value, fitted, out)
  return { isThere, fitted, ...out }
}

describe('an object', () => {
  test('without what it must have is lost whole, with what analysts would have found in it', () => {
    const device = { uid: 'd', owner: { uid: 'u', email_addr: 'a@b.example' } }
    const { isThere, fitted, lost, observables } = fit('inventory_info', 'device', device)
    expect({ isThere, fitted, observables }).toEqual({
      isThere: false,
      fitted: {},
      observables: [],
    })
    expect(lost).toEqual([['device', device]])
  })

  test('within another is lost alone', () => {
    const device = { uid: 'd', type_id: 8, os: { type_id: 300 } }
    const { fitted, lost, observables } = fit('inventory_info', 'device', device)
    expect(fitted).toEqual({ device: { uid: 'd', type_id: 8, type: 'Browser' } })
    expect(lost).toEqual([['device.os', { type_id: 300, type: 'macOS' }]])
    expect(observables.map(({ value }) => value)).toEqual(['d'])
  })

  test('that breaks a constraint is lost with its captions', () => {
    const { isThere, lost } = fit('detection_finding', 'actor', {
      app_name: undefined,
      idp: { name: 'Okta' },
    })
    expect(isThere).toBe(false)
    expect(lost).toEqual([['actor', { idp: { name: 'Okta' } }]])
  })

  test('of which nothing is known is nothing, and nothing is lost', () => {
    const { isThere, lost } = fit('inventory_info', 'device', {
      uid: null,
      os: { name: undefined },
    })
    expect({ isThere, lost }).toEqual({ isThere: false, lost: [] })
  })

  test('of a list is lost alone, by its place', () => {
    const evidences = [{ url: { url_string: 'https://a.example/' } }, { data: { a: 1 } }]
    const { fitted, lost } = fit('detection_finding', 'evidences', evidences, '1.1.0')
    expect(fitted).toEqual({ evidences: [{ data: { a: 1 } }] })
    expect(lost).toEqual([['evidences[0].url', { url_string: 'https://a.example/' }]])
  })
})
