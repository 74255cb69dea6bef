// GraphQL Yoga over rows in memory: `node server.mjs ROWS.json [armour]`. Yoga caches parsing and validation by itself; with
// `armour` it refuses what graphql-armor refuses as it comes.
import { createServer } from 'node:http'
import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor'
import { createSchema, createYoga } from 'graphql-yoga'
import { readMemory } from '../memory.mjs'

const [, , path, mode] = process.argv
const yoga = createYoga({
  schema: createSchema({ ...readMemory(path), resolverValidationOptions: {} }),
  plugins: mode === 'armour' ? [EnvelopArmorPlugin()] : [],
  healthCheckEndpoint: '/livez',
  logging: false,
  landingPage: false,
  graphiql: false,
})
const server = createServer(yoga)
server.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${server.address().port}/graphql`)
})
