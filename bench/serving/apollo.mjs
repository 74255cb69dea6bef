// How fast Apollo Server can be at all: on Fastify, with compiled queries, over rows in memory that are linked already,
// and with every plugin off: `node apollo.mjs ROWS.json`. Whatever else is served behind its pipeline takes this long too.
import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { makeExecutableSchema } from '@graphql-tools/schema'
import fastify from 'fastify'
import { compileQuery } from 'graphql-jit'
import { readMemory } from '../peers/memory.mjs'

const schema = makeExecutableSchema({
  ...readMemory(process.argv[2]),
  resolverValidationOptions: { requireResolversToMatchSchema: 'ignore' },
})
const compiled = new WeakMap()
const executor = async ({ document, request, context }) => {
  let query = compiled.get(document)
  if (query === undefined) compiled.set(document, (query = compileQuery(schema, document)))
  return query.query({}, context, request.variables)
}
const apollo = new ApolloServer({
  gateway: {
    onSchemaLoadOrUpdate: tell => {
      tell({ apiSchema: schema, coreSupergraphSdl: '' })
      return () => undefined
    },
    load: async () => ({ executor }),
    stop: async () => undefined,
  },
  plugins: [ApolloServerPluginCacheControlDisabled()],
  csrfPrevention: true,
})
await apollo.start()
const app = fastify()
app.post('/graphql', fastifyApolloHandler(apollo))
console.log(`listening ${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`)
