import { describe, expect, it } from 'vitest'
import { collectionNames, collections } from '../../src/model/collections.ts'
import { detectionEventFields } from '../../src/model/detection-events.ts'
import type { Field } from '../../src/model/collection.ts'
import { enums, UNRECOGNIZED } from '../../src/model/enums.ts'
import { detectionEventRelations, relations, type Relations } from '../../src/model/relations.ts'
import { operandsOf, type Operand } from '../../src/filter/operands.ts'
import type { FilterScope } from '../../src/filter/filter.ts'
import type * as graph from '../../src/generated/resolvers.ts'
import type * as rows from '../../src/model/rows.ts'
import { input, object, schema, valuesOf } from './the-schema.ts'

interface Described {
  readonly type: string
  readonly scope: FilterScope
  readonly fields: Readonly<Record<string, Field>>
  readonly relations: Relations
}

const described: readonly Described[] = [
  ...collectionNames.map(name => ({
    type: collections[name].type,
    scope: name,
    fields: collections[name].fields,
    relations: relations[name],
  })),
  {
    type: 'DetectionEvent',
    scope: 'detectionEvents',
    fields: detectionEventFields,
    relations: detectionEventRelations,
  },
]

/** Where a field of a row stands in the graph: in its type, or in an object there that holds a part of it. */
const typeHolding = (type: string, field: Field): string =>
  field.from.startsWith('loginMethods.') ? 'LoginMethods' : type

const outputOf = (name: string, { kind, enum: words }: Field): string => {
  if (name === 'metadata') return 'JSON'
  switch (kind) {
    case 'id':
      return 'ID'
    case 'string':
      return 'String'
    case 'boolean':
      return 'Boolean'
    case 'seconds':
      return 'DateTime'
    case 'enum':
      return String(words)
    case 'strings':
      return '[String!]'
    case 'enums':
      return `[${String(words)}!]`
    case 'objects':
      return '[DetectionEvent!]'
    default:
      return kind satisfies never
  }
}

const filterOf = ({ kind, enum: words, isVersion }: Field): string => {
  switch (kind) {
    case 'id':
      return 'IDFilter'
    case 'string':
      return isVersion === true ? 'VersionFilter' : 'StringFilter'
    case 'boolean':
      return 'BooleanFilter'
    case 'seconds':
      return 'DateTimeFilter'
    case 'enum':
      return `${String(words)}Filter`
    case 'strings':
      return 'StringListFilter'
    case 'enums':
      return `${String(words)}ListFilter`
    case 'objects':
      return 'DetectionEventListFilter'
    default:
      return kind satisfies never
  }
}

const hasRaw = (name: string, { kind }: Field): boolean =>
  kind === 'enum' || kind === 'enums' || name === 'metadata'

describe.each(described)('the type $type', ({ type, scope, fields, relations: related }) => {
  const own = Object.entries(fields)

  it('has every field of the row, null where the row may be', () => {
    for (const [name, field] of own) {
      const found = object(typeHolding(type, field)).getFields()[name]
      const bang = field.required && name !== personal ? '!' : ''
      expect(`${name}: ${String(found?.type)}`).toBe(`${name}: ${outputOf(name, field)}${bang}`)
    }
  })

  it('has beside each enumeration the word as sent', () => {
    for (const [name, field] of own.filter(([name, field]) => hasRaw(name, field))) {
      const raw = object(type).getFields()[`${name}Raw`]
      const text = field.kind === 'enums' ? '[String!]' : 'String'
      expect(String(raw?.type)).toBe(`${text}${field.required ? '!' : ''}`)
    }
  })

  it('has nothing else but its relations, its connector, what happened to it, its event and the name of an app', () => {
    const expected = [
      ...own
        .filter(([, field]) => typeHolding(type, field) === type)
        .flatMap(([name, field]) => (hasRaw(name, field) ? [name, `${name}Raw`] : [name])),
      ...related.toOne.map(({ name }) => name),
      ...related.toMany.map(({ name }) => name),
      ...(scope === 'detectionEvents'
        ? []
        : ['connector', 'connectorAlias', 'history', 'changes', 'timeline', 'ocsf']),
      ...(scope === 'accounts' ? ['loginMethods'] : []),
      ...(scope === 'apps' ? ['name'] : []),
    ]
    expect(Object.keys(object(type).getFields()).sort()).toEqual(expected.sort())
  })

  it('leads to what its relations name, and to null where that fails', () => {
    const found = object(type).getFields()
    for (const { name, to } of related.toOne)
      expect(String(found[name]?.type)).toBe(collections[to].type)
    for (const { name, to } of related.toMany)
      expect(String(found[name]?.type)).toBe(`${collections[to].type}Connection`)
  })

  it('has a filter for every field and relation', () => {
    const members = (name: string) => input(`${name}Filter`).getFields()
    for (const [name, field] of own) {
      const raw = members(typeHolding(type, field))[`${name}Raw`]
      if (hasRaw(name, field))
        expect(String(raw?.type)).toBe(field.kind === 'enums' ? 'StringListFilter' : 'StringFilter')
      if (name === 'metadata') continue
      expect(String(members(typeHolding(type, field))[name]?.type)).toBe(filterOf(field))
    }
    for (const { name, to } of related.toOne)
      expect(String(members(type)[name]?.type)).toBe(`${collections[to].type}Filter`)
    for (const { name, to } of related.toMany)
      expect(String(members(type)[name]?.type)).toBe(`${collections[to].type}ListFilter`)
  })

  it('has in its filter just what the filter can evaluate', () => {
    const combining = ['and', 'or', 'not']
    const agree = (name: string, operands: ReadonlyMap<string, Operand>): void => {
      expect(Object.keys(input(name).getFields()).sort()).toEqual(
        [...combining, ...operands.keys()].sort(),
      )
      for (const [member, operand] of operands)
        if (operand.kind === 'members')
          agree(String(input(name).getFields()[member]?.type), operand.of)
    }
    agree(`${type}Filter`, operandsOf(scope))
  })
})

describe.each(collectionNames.map(name => [collections[name].type, name] as const))(
  'the list of %s',
  (type, name) => {
    const fields = Object.entries(collections[name].fields as Readonly<Record<string, Field>>)
    const snake = (text: string): string => text.replaceAll(/([A-Z])/g, '_$1').toUpperCase()
    const withName = name === 'apps' ? ['NAME'] : []

    it('is sorted by every field of one value, and by the number of every list', () => {
      const single = fields
        .filter(([, { kind }]) => !['strings', 'enums', 'objects'].includes(kind))
        .map(([field]) => snake(field))
      const numbers = relations[name].toMany.map(list => `${snake(list.name)}_COUNT`)
      expect([...valuesOf(`${type}OrderField`)].sort()).toEqual(
        [...single, ...withName, ...numbers].sort(),
      )
    })

    it('is grouped by every field, by buckets of every time, by connector and by what links lead to', () => {
      const own = fields
        .filter(([, { kind }]) => kind !== 'objects')
        .flatMap(([field, { kind }]) =>
          kind === 'seconds'
            ? ['HOUR', 'DAY', 'WEEK', 'MONTH'].map(
                bucket => `${snake(field.slice(0, -'At'.length))}_${bucket}`,
              )
            : [snake(field)],
        )
      const values = valuesOf(`${type}Dimension`)
      expect(values).toEqual(expect.arrayContaining([...own, ...withName, 'CONNECTOR']))

      const rest = new Set(values).difference(new Set([...own, ...withName, 'CONNECTOR']))
      const links = relations[name].toOne.map(link => `${snake(link.name)}_`)
      for (const value of rest) expect(links.some(link => value.startsWith(link))).toBe(true)
      for (const link of links) expect(values.some(value => value.startsWith(link))).toBe(true)
    })
  },
)

/** The fields that the graph and the row share but that only one of them leaves null. */
type NullableInOne<Graph, Row> = {
  [Name in keyof Graph & keyof Row]: null extends Graph[Name]
    ? null extends Row[Name]
      ? never
      : Name
    : null extends Row[Name]
      ? Name
      : never
}[keyof Graph & keyof Row]

/** Null to callers who may not see it, though every row has one. */
const personal = 'email'

interface Differences {
  employee: NullableInOne<Required<graph.Employee>, rows.Employee>
  account: NullableInOne<Required<graph.Account & graph.LoginMethods>, rows.Account>
  app: NullableInOne<Required<graph.App>, rows.App>
  browser: NullableInOne<Required<graph.Browser>, rows.Browser>
  browserExtension: NullableInOne<Required<graph.BrowserExtension>, rows.BrowserExtension>
  finding: NullableInOne<Required<graph.Finding>, rows.Finding>
  detection: NullableInOne<Required<graph.Detection>, rows.Detection>
  event: NullableInOne<Required<graph.DetectionEvent>, rows.DetectionEvent>
}

describe('the row types', () => {
  it('are null where the graph is, which the compiler checks', () => {
    const differences: readonly Exclude<Differences[keyof Differences], typeof personal>[] = []
    const none: readonly never[] = differences
    expect(none).toEqual([])
  })
})

describe('the enumerations', () => {
  it.each(Object.entries(enums))(
    '%s has the documented words and one for those that are new',
    (name, words) => {
      expect(valuesOf(name)).toEqual([...words, UNRECOGNIZED])
    },
  )

  it('take UNRECOGNIZED nowhere else', () => {
    const others = Object.values(schema.getTypeMap())
      .map(({ name }) => name)
      .filter(name => !(name in enums))
      .filter(name => {
        const type = schema.getType(name)
        return type !== undefined && 'getValue' in type && type.getValue(UNRECOGNIZED) !== undefined
      })
    expect(others).toEqual([])
  })

  it('name each collection and each type that a search finds', () => {
    const snake = (text: string): string => text.replaceAll(/(?<=.)([A-Z])/g, '_$1').toUpperCase()
    expect([...valuesOf('Collection')].sort()).toEqual(collectionNames.map(snake).sort())
    expect([...valuesOf('EntityType')].sort()).toEqual(
      [...collectionNames.map(name => snake(collections[name].type)), 'EVENT'].sort(),
    )
  })
})
