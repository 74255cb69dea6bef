/** An event of which little is selected is built no further than that. */
import { GraphQLObjectType, GraphQLSchema, graphql, type GraphQLOutputType } from 'graphql'
import { expect, test } from 'vitest'
import { ocsfField } from '../../../src/graphql/resolvers/ocsf.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { allRights } from '../../../src/model/rights.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { rowOf } from '../../support/rows.ts'
import { READ_AT } from '../../support/ocsf/objects.ts'

/** The fields of an account that an answer to this selection of its event looks at. */
const touchedBy = async (selection: string): Promise<ReadonlySet<string>> => {
  const touched = new Set<string>()
  const row = new Proxy(rowOf('accounts'), {
    get: (target, field: string) => {
      touched.add(field)
      return target[field as keyof typeof target]
    },
  })
  const type = createExecutableSchema(resolvers).getType('OcsfUserInventory') as GraphQLOutputType
  const context = { loaders: { readAt: () => READ_AT } as never, rights: allRights }
  const query = new GraphQLObjectType({
    name: 'Query',
    fields: {
      ocsf: {
        type,
        resolve: () => ocsfField('accounts')({ connector: 'acme', row }, {}, context),
      },
    },
  })
  const answer = await graphql({
    schema: new GraphQLSchema({ query }),
    source: `{ ocsf { ${selection} } }`,
    contextValue: context,
  })
  expect(answer.errors).toBeUndefined()
  expect(answer.data?.['ocsf']).toBeTruthy()
  return touched
}

const ofUnmapped = ['mfaMethods', 'oidcLogin', 'passwordId']

test('class, time and the user’s address need nothing but the user', async () => {
  const touched = await touchedBy('class_uid time user { email_addr }')
  expect(touched).toContain('email')
  for (const field of ofUnmapped) expect(touched).not.toContain(field)
})

test('what tells the class needs nothing of the object but its id, by which the time of its reading is known', async () => {
  expect([...(await touchedBy('class_uid class_name type_uid time severity'))]).toEqual(['id'])
})

test('the whole event needs all of it', async () => {
  const touched = await touchedBy('json')
  for (const field of ['email', ...ofUnmapped]) expect(touched).toContain(field)
})
