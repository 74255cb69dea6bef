// Mercurius over rows in memory: `node server.mjs ROWS.json [jit]`. It caches parsing and validation by itself; with
// `jit` it compiles a query at its second run.
import fastify from 'fastify'
import mercurius from 'mercurius'
import { readMemory } from '../memory.mjs'

const [, , path, mode] = process.argv
const { typeDefs, resolvers } = readMemory(path)
const app = fastify()
await app.register(mercurius, { schema: typeDefs, resolvers, jit: mode === 'jit' ? 1 : 0 })
console.log(`listening ${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`)
