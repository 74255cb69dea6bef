import { readFileSync } from 'node:fs'
import { buildSchema, parse, print } from 'graphql'
import { describe, expect, it } from 'vitest'
import { bundle } from '../../schema/derive/bundle.ts'
import { derive } from '../../schema/derive/derive.ts'
import { loadTypeDefs, printTypeDefs } from '../../src/graphql/schema/schema.ts'

describe('the bundled schema', () => {
  it('is what the written types give now', () => {
    const file = new URL('../../src/generated/schema.graphql', import.meta.url)
    expect(readFileSync(file, 'utf8')).toBe(bundle())
  })

  it('keeps every written word, and the arguments that a list was given by hand', () => {
    const written = `
      type Query {
        "A list."
        extensions("Mine." only: Boolean): BrowserExtensionConnection
      }
      interface Entity { id: ID! }
      "An add-on."
      type BrowserExtension implements Entity {
        "The id."
        id: ID!
        extensionId: ID!
        employeeId: ID
        browserId: ID
        "Gone soon."
        name: String @deprecated(reason: "Because.")
        description: String
        deploymentMode: String
        permissions: [String!]
        hostPermissions: [String!]
        enabled: Boolean
        employee: Employee
        browser: Browser
      }
      type Employee { email: ID, department: ID, location: ID, licensed: ID, groups: ID }
      type Browser { browser: ID, os: ID, isActive: ID }`
    const text = print(derive(parse(written)))
    expect(text).toContain(
      'extensions(\n    "Mine."\n    only: Boolean\n  ): BrowserExtensionConnection',
    )
    expect(text).toContain('"Gone soon."\n  name: StringFilter @deprecated(reason: "Because.")')
    expect(text).toContain('NAME @deprecated(reason: "Because.")')
  })

  it('fails when the model groups by a field that no type has', () => {
    const written = 'interface Entity { id: ID! } type App implements Entity { id: ID! }'
    expect(() => derive(parse(written))).toThrow('The schema lacks the field')
  })
})

describe('the printed schema', () => {
  it('stands in the order of names, whatever the order of the files', () => {
    const reversed = { ...loadTypeDefs(), definitions: loadTypeDefs().definitions.toReversed() }
    expect(printTypeDefs(reversed)).toBe(printTypeDefs())
    const names = [...printTypeDefs().matchAll(/^(?:type|input|enum|scalar|interface) (\w+)/gm)]
    expect(names.map(([, name]) => name)).toEqual(names.map(([, name]) => name).toSorted())
  })

  it('is a schema again, with its descriptions', () => {
    const again = buildSchema(printTypeDefs())
    expect(again.getType('Employee')?.description).toMatch(/^A person/)
    expect(again.getType('DateTime')?.description).toMatch(/^A moment/)
  })
})
