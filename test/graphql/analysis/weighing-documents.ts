/**
 * A process of its own, whose heap can be swept at will: `node --expose-gc weighing-documents.ts`. Prints what documents
 * of several kinds take with all that is found of them, and what they are counted as, as JSON.
 */
import { getOperationAST, parse } from 'graphql'
import { Kept } from '../../../src/graphql/analysis/kept.ts'
import { createKnownOperations } from '../../../src/graphql/analysis/known-operations.ts'
import { createCheckLimits } from '../../../src/graphql/analysis/limits.ts'
import { createFindNeeds } from '../../../src/graphql/analysis/needs.ts'
import { createCompiledQueries } from '../../../src/graphql/compiled/compiled-queries.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { allRights } from '../../../src/model/rights.ts'

const schema = createExecutableSchema(resolvers)

const heapBytes = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const repeated = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

const kinds: Readonly<Record<string, (turn: number) => string>> = {
  aliases: turn =>
    `{ ${repeated(200, at => `a${at}_${turn}: accounts(first: 1) { nodes { id } }`)} }`,
  leaves: turn =>
    `{ accounts { nodes { ${repeated(1_500, at => (at % 2 === 0 ? 'id' : 'email'))} x${turn}: id } } }`,
  // A few words that make many needs.
  doubling: turn =>
    `{ accounts { nodes { ...f0 } } } ${repeated(10, at => `fragment f${at} on Account { x${turn}: id ${at < 9 ? `a: app { accounts { nodes { ...f${at + 1} } } } b: app { accounts { nodes { ...f${at + 1} } } }` : ''} }`)}`,
  texts: turn =>
    `{ accounts(filter: { email: { in: [${repeated(1_000, at => `"somebody.${at}.${turn}@example.com"`)}] } }) { totalCount } }`,
}

const COUNT = 3

const weigh = (make: (turn: number) => string): object => {
  const kept = new Kept(1e9)
  const known = createKnownOperations(kept)
  const limits = { maxDepth: 1e9, maxAliases: 1e9, maxTokens: 1e9, maxCost: Infinity }
  const check = createCheckLimits(schema, limits)
  const find = createFindNeeds(undefined, kept)
  const compiled = createCompiledQueries({ kept })
  const before = heapBytes()
  for (let turn = 0; turn < COUNT; turn += 1) {
    const text = make(turn)
    const document = parse(text)
    const operation = getOperationAST(document)
    if (!operation) throw new Error('no operation')
    known.learn(text, { schema, document, operation, operationName: null })
    check({ document }, allRights)
    void find(schema, document, operation, {})
    for (let times = 0; times < 2; times += 1) compiled(operation, schema, document)(true)
  }
  const taken = heapBytes() - before
  return { taken: taken / COUNT, counted: kept.bytes / COUNT, kept: kept.size }
}

// What runs for the first time leaves code and shapes behind.
for (const make of Object.values(kinds)) weigh(make)
const weights: Record<string, object> = {}
for (const [name, make] of Object.entries(kinds)) weights[name] = weigh(make)
console.log(JSON.stringify(weights))
