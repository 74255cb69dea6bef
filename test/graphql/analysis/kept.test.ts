import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { type DocumentNode, getOperationAST, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createReadText } from '../../../src/graphql/analysis/document-size.ts'
import { createDocuments } from '../../../src/graphql/analysis/documents.ts'
import { weightOf } from '../../../src/graphql/analysis/heap-weights.ts'
import { Kept } from '../../../src/graphql/analysis/kept.ts'
import { createKnownOperations } from '../../../src/graphql/analysis/known-operations.ts'
import { createFindNeeds } from '../../../src/graphql/analysis/needs.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { Work } from '../../../src/work/work.ts'

const schema = createExecutableSchema(resolvers)

describe('what is kept', () => {
  it('goes when there is no room, what was not used for longest first', () => {
    const gone: string[] = []
    const kept = new Kept(100)
    const things = ['a', 'b', 'c'].map(name => ({ name }))
    for (const thing of things) kept.add(thing, 30, () => gone.push(thing.name))
    const [a, b, c] = things as [object, object, object]
    kept.grow(c, 10)
    expect([gone, kept.bytes, kept.size]).toEqual([[], 100, 3])
    kept.touch(a)
    kept.grow(c, 1)
    expect([gone, kept.bytes, kept.size]).toEqual([['b'], 71, 2])
    kept.grow(b, 1)
    kept.add(a, 29, () => gone.push('more of a'))
    expect([gone, kept.bytes, kept.size]).toEqual([['b'], 100, 2])
    kept.add({}, 50, () => undefined)
    kept.add({}, 50, () => undefined)
    expect([gone, kept.bytes, kept.size]).toEqual([['b', 'c', 'a', 'more of a'], 100, 2])
  })

  it('is all that fits, and nothing that alone is too much', () => {
    const gone: number[] = []
    const kept = new Kept(100)
    kept.add({}, 100, () => gone.push(100))
    expect([gone, kept.bytes]).toEqual([[], 100])
    kept.add({}, 101, () => gone.push(101))
    expect([gone, kept.size]).toEqual([[101], 1])
    const grown = {}
    kept.add(grown, 1, () => gone.push(1))
    kept.grow(grown, 100)
    expect(gone).toEqual([101, 100, 1])
    expect(kept.bytes).toBe(0)
  })
})

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Documents, what is learnt of them and their needs in one place of so many bytes. */
const open = (maxBytes: number) => {
  const kept = new Kept(maxBytes)
  const readText = createReadText({ maxTokens: 20_000 })
  const documents = createDocuments({ schema, introspection: true, readText, kept })
  const known = createKnownOperations(kept)
  const ask = async (text: string): Promise<DocumentNode> => {
    const { document } = await documents.read(text, new Work())
    if (document === undefined) throw new Error('no document')
    const operation = getOperationAST(document) ?? undefined
    known.learn(text, { schema, document, operation, operationName: null })
    return document
  }
  return { kept, documents, known, ask, find: createFindNeeds(undefined, kept) }
}

describe('documents and needs', () => {
  /** What one operation after another leaves behind, whichever come again. */
  const operation = fc.record({
    index: fc.nat(40),
    aliases: fc.integer({ min: 1, max: 30 }),
    id: fc.nat(3),
  })

  it('never come to more than the bound, and what is found is what was learnt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 60 }), async asked => {
        const { kept, known, ask, find } = open(200_000)
        for (const { index, aliases, id } of asked) {
          const fields = Array.from(
            { length: aliases },
            (_, at) => `a${at}: apps(filter: $f) { totalCount }`,
          )
          const text = `query q${index}($f: AppFilter) { ${fields.join(' ')} }`
          const document = await ask(text)
          const ast = getOperationAST(document)
          if (!ast) throw new Error('no operation')
          expect(find(schema, document, ast, { f: { id: { eq: `${id}` } } })).toHaveLength(aliases)
          expect(known.find(text, undefined)?.document ?? document).toBe(document)
          expect(kept.bytes).toBeLessThanOrEqual(200_000)
        }
        // The last one fits: it is there.
        const last = asked.at(-1)
        if (last !== undefined) expect(kept.size).toBeGreaterThan(0)
      }),
      { numRuns: 30 },
    )
  })

  it('are not found any more once they had to go', async () => {
    const { kept, documents, known, ask } = open(30_000)
    const text = '{ apps { totalCount } }'
    const document = await ask(text)
    expect(documents.find(hashOf(text))).toBe(document)
    expect(known.find(text, null)?.document).toBe(document)
    expect(known.find(text, 'other')).toBeUndefined()
    // Whoever is used stays.
    for (let index = 0; index < 10; index += 1) {
      await ask(`{ a${index}: apps { totalCount } }`)
      expect(known.find(text, null)?.document).toBe(document)
    }
    for (let index = 0; index < 10; index += 1) await ask(`{ b${index}: apps { totalCount } }`)
    expect(documents.find(hashOf(text))).toBeUndefined()
    expect(known.find(text, null)).toBeUndefined()
    expect(kept.size).toBeLessThan(10)
  })

  it('needs of filters as long as they may be are not remembered', () => {
    const kept = new Kept()
    const find = createFindNeeds(undefined, kept)
    const values = Array.from({ length: 9_000 }, (_, index) => `"${'x'.repeat(100)}${index}"`)
    const document = parse(`{ apps(filter: { id: { in: [${values.join()}] } }) { totalCount } }`)
    const ast = getOperationAST(document)
    if (!ast) throw new Error('no operation')
    expect(find(schema, document, ast, {})).toHaveLength(1)
    expect(kept.size).toBe(0)
  })
})

describe('the weight of what is kept', () => {
  it('counts what stands in several places once, and no further than it is asked', () => {
    const filter = { email: { eq: 'x'.repeat(1_000) } }
    expect(weightOf([filter, filter])).toBeLessThan(weightOf([filter]) + 100)
    expect(weightOf([filter, { ...filter, id: {} }])).toBeLessThan(weightOf([filter]) + 250)
    expect(
      weightOf(
        Array.from({ length: 1_000 }, () => ({})),
        500,
      ),
    ).toBeLessThan(60_000)
  })

  it('is about what it takes of the heap', async () => {
    const program = join(import.meta.dirname, 'weighing-documents.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--expose-gc',
      '--single-threaded',
      '--no-opt',
      program,
    ])
    const weights = JSON.parse(stdout) as Record<string, { taken: number; counted: number }>
    for (const [name, { taken, counted }] of Object.entries(weights)) {
      expect(counted / taken, `${name} ${taken}`).toBeGreaterThan(0.7)
      expect(counted / taken, `${name} ${taken}`).toBeLessThan(2)
    }
  })
})
