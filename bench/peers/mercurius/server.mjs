// Mercurius over rows in memory: `node server.mjs ROWS.json [jit|armour]`. It caches parsing and validation by itself; with
// `jit` it compiles a query at its second run, with `armour` it refuses what its own limit of depth and the rules of
// graphql-armor refuse as they come.
import { costLimitRule } from '@escape.tech/graphql-armor-cost-limit'
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives'
import fastify from 'fastify'
import mercurius from 'mercurius'
import { readMemory } from '../memory.mjs'

const [, , path, mode] = process.argv
const { typeDefs, resolvers } = readMemory(path)
const app = fastify()
app.get('/livez', () => 'ok')
const armour = {
  queryDepth: 6,
  validationRules: [maxAliasesRule(), maxDirectivesRule(), costLimitRule()],
}
await app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  jit: mode === 'jit' ? 1 : 0,
  ...(mode === 'armour' ? armour : {}),
})
console.log(`listening ${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`)
