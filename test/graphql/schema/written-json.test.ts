import { expect, it, vi } from 'vitest'
import { scalars } from '../../../src/graphql/schema/scalars.ts'
import { WrittenJson, writtenJson } from '../../../src/graphql/schema/written-json.ts'
import { graphForTest } from '../../support/graph.ts'

it.each([{ a: [1, { b: null }] }, [], [{ 'with "quotes"': '\ud800' }]])(
  'an object or a list of the scalar JSON is written when it is had',
  value => {
    const written = scalars.JSON.serialize(value)
    expect(written).toBeInstanceOf(WrittenJson)
    expect((written as WrittenJson).text).toBe(JSON.stringify(value))
    expect(JSON.stringify({ written })).toBe(JSON.stringify({ written: value }))
  },
)

it.each(['text', 17, true])('whatever else stands as it is', value => {
  expect(writtenJson(value)).toBe(value)
})

it('what JSON has no word for is nothing', () => {
  expect(writtenJson({ toJSON: () => undefined })).toBeUndefined()
})

it('an answer holds the text as it was written', async () => {
  const read = vi.spyOn(WrittenJson.prototype, 'toJSON')
  const graph = await graphForTest({ scale: 0.02 })
  const json = 'nodes { ocsf { json } }'
  // What is to be filled in is left to graphql-js.
  const byExecution = await graph.run(
    `query ($yes: Boolean = true) { findings(first: 5) { ${json.replace('ocsf', 'ocsf @include(if: $yes)')} } }`,
  )
  const compiled = await graph.run(`{ findings(first: 5) { ${json} } }`)
  expect(byExecution.errors).toEqual([])
  expect(byExecution.data.findings.nodes).toHaveLength(5)
  expect(byExecution.data).toEqual(compiled.data)
  expect(read).not.toHaveBeenCalled()
  read.mockRestore()
})
