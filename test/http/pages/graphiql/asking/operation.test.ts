import { expect, test } from 'vitest'
import { meantBy } from '../../../../../src/http/pages/graphiql/asking/operation.ts'

const two = '# mutation\nquery Look { a }\nmutation Put { b }'

test.each([
  ['the one that is named', two, 'Put', { kind: 'mutation', name: 'Put' }],
  [
    'the first, where the name is that of another tab',
    two,
    'Elsewhere',
    { kind: 'query', name: undefined },
  ],
  [
    'the only one without a name',
    'subscription { events { id } }',
    undefined,
    { kind: 'subscription', name: undefined },
  ],
  [
    'a field that is called like a kind is none',
    '{ subscription }',
    null,
    { kind: 'query', name: undefined },
  ],
  ['what cannot be read is left to the server', 'query {', 'X', { kind: 'query', name: undefined }],
])('%s is meant', (_, query, operationName, meant) => {
  expect(meantBy({ query, ...(operationName === undefined ? {} : { operationName }) })).toEqual(
    meant,
  )
})
