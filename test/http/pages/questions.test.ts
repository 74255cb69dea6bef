import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { readQuestions } from '../../../src/http/pages/questions.ts'

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

const example = (document: string): string => `\`\`\`graphql\n${document}\n\`\`\`\n`

test('a question has the section that it stands in, and the title above it, or before it, or its name', () => {
  const page = `# Asking

## What *analysts* ask

### Who has no second factor?

Some words. And others?

${example('query NoMfa { a }')}
${example('query UnderTheSameHeading { a }')}
## What [dashboards](x.md) ask

1. How many are there, of which **type**?

${example('query HowMany { a }')}
That is all.

${example('query StaleAccountsWithoutMfa { a }')}
\`\`\`json
{ "query": "query No { a }" }
\`\`\`

${example('type Account { id: ID }')}
${example('{ withoutName }')}
${example('query Two { a } query Three { a }')}`
  expect(readQuestions(page)).toEqual([
    {
      name: 'NoMfa',
      title: 'Who has no second factor?',
      section: 'What analysts ask',
      query: 'query NoMfa { a }\n',
    },
    {
      name: 'UnderTheSameHeading',
      title: 'Who has no second factor?',
      section: 'What analysts ask',
      query: 'query UnderTheSameHeading { a }\n',
    },
    {
      name: 'HowMany',
      title: 'How many are there, of which type?',
      section: 'What dashboards ask',
      query: 'query HowMany { a }\n',
    },
    {
      name: 'StaleAccountsWithoutMfa',
      title: 'Stale accounts without MFA',
      section: 'What dashboards ask',
      query: 'query StaleAccountsWithoutMfa { a }\n',
    },
  ])
})

describe('docs/queries.md', () => {
  const questions = readQuestions(read('docs/queries.md'))
  const schema = buildSchema(read('src/generated/schema.graphql'))

  test('has questions whose names and titles tell them apart', () => {
    expect(questions.length).toBeGreaterThan(4)
    for (const member of ['name', 'title', 'query'] as const)
      expect(new Set(questions.map(question => question[member])).size).toBe(questions.length)
    for (const { section } of questions) expect(section).not.toBe('')
  })

  test.each(questions)('$name can be asked', ({ query }) => {
    expect(validate(schema, parse(query))).toEqual([])
  })
})
