// GraphQL Yoga over rows in memory: `node server.mjs ROWS.json`. Yoga caches parsing and validation by itself.
import { createServer } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'
import { readMemory } from '../memory.mjs'

const yoga = createYoga({
  schema: createSchema({ ...readMemory(process.argv[2]), resolverValidationOptions: {} }),
  logging: false,
  landingPage: false,
  graphiql: false,
})
const server = createServer(yoga)
server.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${server.address().port}/graphql`)
})
