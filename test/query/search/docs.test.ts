import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { eventFields } from '../../../src/query/search/event-fields.ts'
import { observableKinds } from '../../../src/model/observables.ts'
import { hopsOf, fieldRefsOf } from '../../../src/query/search/fields.ts'
import { graphForTest } from '../../support/graph.ts'

const page = readFileSync(new URL('../../../docs/search.md', import.meta.url), 'utf8')

const linksOfEvents: Readonly<Record<string, readonly string[]>> = {
  APP_NAME: ['App.history'],
  IP_ADDRESS: ['Event.employee'],
}

const examples = [...page.matchAll(/```graphql\n(.*?)```(?:\n\n```json\n(.*?)```)?/gs)].map(
  ([, query = '', answer]) => ({ query, answer }),
)

describe('the page about searching', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5)
    expect(examples.some(({ answer }) => answer !== undefined)).toBe(true)
  })

  it.each(examples)('shows an example that runs, and its answer: $query', async example => {
    const graph = await graphForTest()
    const answer = await graph.run(example.query)
    expect(answer.errors).toEqual([])
    if (example.answer !== undefined) expect(answer.data).toEqual(JSON.parse(example.answer))
  })

  it.each(observableKinds)('names every field and link of the kind %s', kind => {
    const [, part = ''] = page.split(`- **\`${kind}\`**: `)
    const [entry = ''] = part.split(/\n(?! )/)
    const [where = '', links = ''] = entry.split('leads on by')
    const named = (text: string): string[] =>
      [...text.matchAll(/`(\w+\.\w+)`/g)]
        .map(([, name = '']) => name)
        .filter(name => /^[A-Z]/.test(name))
    const ofEvents = eventFields.filter(field => field.kind === kind)
    expect(named(where)).toEqual([...fieldRefsOf([kind]), ...ofEvents].map(({ name }) => name))
    expect(named(links)).toEqual([
      ...hopsOf([kind]).map(({ via }) => via),
      ...(linksOfEvents[kind] ?? []),
    ])
  })
})
