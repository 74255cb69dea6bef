/** Objects that are exported without OCSF: what the graph answers of them. */
import { readFileSync } from 'node:fs'
import { buildSchema, getNamedType, isLeafType, isObjectType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toPlain } from '../../src/export/plain.ts'
import { collectionNames, collections } from '../../src/model/collections.ts'
import type { Row } from '../../src/model/rows.ts'
import { createGraph, type Graph } from '../support/graph.ts'

const schema = buildSchema(
  readFileSync(new URL('../../src/generated/schema.graphql', import.meta.url), 'utf8'),
)

/** Every plain field of a type, and those of the plain objects within; enumerations by their words as sent. */
const selectionOf = (typeName: string): string => {
  const type = schema.getType(typeName)
  if (!isObjectType(type)) throw new Error(`${typeName} is no object`)
  const fields = Object.values(type.getFields())
  const names = new Set(fields.map(({ name }) => name))
  return fields
    .filter(({ args, name }) => args.length === 0 && !isRawWord(name, names))
    .flatMap(({ name, type: of }) => {
      const named = getNamedType(of)
      const raw = `${name}Raw`
      if (isLeafType(named))
        return names.has(raw) && isRawWord(raw, names) ? [`${name}: ${raw}`] : [name]
      return ['LoginMethods', 'DetectionEvent'].includes(named.name)
        ? [`${name} { ${selectionOf(named.name)} }`]
        : []
    })
    .join(' ')
}

/** `stateRaw` beside `state`, but not `metadataRaw`: there both are exported. */
const isRawWord = (name: string, names: ReadonlySet<string>): boolean =>
  name.endsWith('Raw') && name !== 'metadataRaw' && names.has(name.slice(0, -3))

let graph: Graph
beforeAll(async () => {
  graph = await createGraph({ scale: 0.05 })
})
afterAll(() => graph.close())

test.each(collectionNames)(
  'all plain fields of %s are exported as the graph has them',
  async name => {
    const { type } = collections[name]
    const { data, errors } = await graph.run(
      `{ all: ${name}(first: 200) { nodes { __typename ${selectionOf(type)} } } }`,
    )
    expect(errors).toEqual([])
    const nodes = (data as { all: { nodes: Record<string, unknown>[] } }).all.nodes
    expect(nodes.length).toBeGreaterThan(10)
    const table = graph.store.connector('default')?.table(name)
    for (const node of nodes) {
      const row = table?.get(String(node['id'])) as Row
      expect(JSON.parse(JSON.stringify(toPlain('default', name, row as never)))).toEqual(node)
    }
  },
)
