import { describe, expect, test } from 'vitest'
import { graphForTest } from '../../support/graph.ts'
import { createExplainMistake } from '../../../src/graphql/analysis/explain-mistake.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { type DocumentNode, parse, validate } from 'graphql'

const schema = createExecutableSchema(resolvers)
const explain = createExplainMistake(schema)

const saidOf = (document: DocumentNode): readonly string[] =>
  validate(schema, document).map(({ message }) => explain(message))

describe('a mistake in a filter', () => {
  const operators = 'It takes an object with eq, ne, in, notIn, gt, gte, lt, lte or isNull.'

  test.each([
    ['{ severity: "HIGH" }', operators],
    ['{ severity: HIGH }', operators],
    ['{ severity: { is: HIGH } }', `${operators} Did you mean "in"?`],
    ['{ archived: true }', 'It takes an object with eq'],
    ['{ createdAt: "2024-01-01" }', 'within'],
    ['{ employee: "x" }', 'It takes an object with '],
  ])('is answered with the operators that there are: %s', (filter, said) => {
    const document = parse(`{ detections(filter: ${filter}) { totalCount } }`)
    expect(saidOf(document)).toEqual([expect.stringContaining(said)])
  })

  test('that is nothing but quotes is answered with the word as it is written', () => {
    const document = parse('{ detections(filter: { severity: { eq: "HIGH" } }) { totalCount } }')
    expect(saidOf(document)).toEqual([
      'Enum "DetectionSeverity" cannot represent non-enum value: "HIGH". In a document it is written without quotes: HIGH.',
    ])
  })

  test('in a variable is answered so too', async () => {
    const graph = await graphForTest({ scale: 0.02 })
    const { errors } = await graph.run(
      'query Q($filter: DetectionFilter) { detections(filter: $filter) { totalCount } }',
      { filter: { severity: 'HIGH' } },
    )
    expect(explain((errors?.[0] as { message: string }).message)).toContain(operators)
  })

  test('of another kind is told as it is', () => {
    for (const query of ['{ nothing }', '{ employees(first: "x") { totalCount } }']) {
      const [error] = validate(schema, parse(query))
      expect(explain(error?.message ?? '')).toBe(error?.message)
    }
  })
})
