/** The types of the graph are OCSF's: by its names, and with every attribute that is ever filled. */
import { type GraphQLObjectType, isInterfaceType, isObjectType } from 'graphql'
import { describe, expect, test } from 'vitest'
import { resolvers } from '../../src/graphql/resolvers/resolvers.ts'
import {
  type AttributeFacts,
  classNames,
  facts,
  type ObjectFacts,
} from '../../src/ocsf/fitting/facts.ts'
import { ocsfVersions } from '../../src/ocsf/ocsf.ts'
import { ownTypes, schema, valuesOf } from './the-schema.ts'
import { objectNames, project } from '../support/ocsf/objects.ts'
import { samples } from '../support/ocsf/filled-objects.ts'

const pascal = (name: string): string =>
  name
    .split('_')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

const events = ownTypes
  .filter(isObjectType)
  .filter(type => type.getInterfaces().some(({ name }) => name === 'OcsfEvent'))
const objects = ownTypes
  .filter(isObjectType)
  .filter(({ name }) => /^Ocsf./.test(name) && name !== 'OcsfEventConnection')
  .filter(({ name }) => name !== 'OcsfEventEdge')
  .filter(type => !events.includes(type))

/** The definitions of a type in all versions that have it, the newest first. */
const definitionsOf = (type: GraphQLObjectType): readonly ObjectFacts[] =>
  ocsfVersions.flatMap(version => {
    const { classes, objects: known } = facts[version]
    const all: readonly (readonly [string, ObjectFacts])[] = [...classes, ...known]
    return all.filter(([name]) => `Ocsf${pascal(name)}` === type.name).map(([, of]) => of)
  })

const scalars: Readonly<Record<string, string>> = {
  integer_t: 'Int',
  long_t: 'Long',
  timestamp_t: 'Long',
  boolean_t: 'Boolean',
  json_t: 'JSON',
  object: 'JSON',
}

const typeOf = ({ type, isObject, isArray }: AttributeFacts): string => {
  const one = scalars[type] ?? (isObject ? `Ocsf${pascal(type)}` : 'String')
  return isArray ? `[${one}!]` : one
}

describe.each([...events, ...objects])('$name', type => {
  const definitions = definitionsOf(type)
  const ours = events.includes(type) ? ['time_dt', 'json'] : []

  test('has attributes of OCSF alone, of their types', () => {
    expect(definitions.length).toBeGreaterThan(0)
    for (const { name, type: of } of Object.values(type.getFields())) {
      if (ours.includes(name)) continue
      const found = definitions.map(({ attributes }) => attributes.get(name)).find(Boolean)
      expect(`${name}: ${String(of).replace(/!$/, '')}`).toBe(
        `${name}: ${found === undefined ? 'unknown' : typeOf(found)}`,
      )
    }
  })

  test('is never null but where an event may lack it', () => {
    const [newest] = definitions
    for (const { name, type: of } of Object.values(type.getFields()))
      if (String(of).endsWith('!') && !ours.includes(name) && !name.endsWith('_name'))
        expect(`${name}: ${newest?.attributes.get(name)?.required}`).toSatisfy(
          (text: string) => text.endsWith('true') || alwaysFilled.has(text.split(':', 1)[0] ?? ''),
        )
  })
})

/** Required by us alone. */
const alwaysFilled = new Set(['severity', 'name'])

test('every class that is projected to has its type, and its fields their resolvers', () => {
  expect(events.map(({ name }) => name).sort()).toEqual(
    classNames.map(name => `Ocsf${pascal(name)}`).sort(),
  )
  for (const type of events)
    expect(Object.keys(type.getFields()).sort()).toEqual(
      Object.keys((resolvers as Record<string, object>)[type.name] ?? {}).sort(),
    )
})

test('whatever is filled can be selected', () => {
  const missing = new Set<string>()
  const look = (type: GraphQLObjectType | undefined, value: object): void => {
    if (type === undefined) return
    for (const [name, member] of Object.entries(value) as [string, unknown][]) {
      const field = type.getFields()[name]
      if (field === undefined) missing.add(`${type.name}.${name}`)
      const inner = schema.getType(String(field?.type).replaceAll(/[[\]!]/g, ''))
      if (isObjectType(inner)) for (const element of [member].flat()) look(inner, element as object)
    }
  }
  for (const name of objectNames)
    for (const version of ocsfVersions) {
      const event = project(name, samples[name], version, {
        tenant: 'emea',
        links: { account: samples.accounts, app: samples.apps, employee: samples.employees },
      })
      look(
        events.find(type => type.name === `Ocsf${pascal(event.className)}`),
        event.json(),
      )
    }
  expect([...missing]).toEqual([])
})

test('the versions are those that are projected to', () => {
  expect(valuesOf('OcsfVersion')).toEqual(ocsfVersions.map(v => `V${v.replaceAll('.', '_')}`))
  expect(isInterfaceType(schema.getType('OcsfEvent'))).toBe(true)
})
