// What one sets up instead of writing a server: `node server.mjs BASE_URL KEY`. GraphQL Mesh makes a schema of an OpenAPI description
// of Push's API, further types link the objects by id, and Hive Gateway serves it all. It knows no paging, no filter that
// Push does not have, and no limit.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGatewayRuntime, Logger } from '@graphql-hive/gateway'
import { defineConfig, getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli'
import { loadOpenAPISubgraph } from '@omnigraph/openapi'
import { describe } from './openapi.mjs'

const [, , base, key] = process.argv
const directory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-hive-'))
const source = join(directory, 'openapi.json')
writeFileSync(source, JSON.stringify(describe(base)))

/** A link through the operation that gives the object; a link to nothing asks for nothing. */
const link = (field, id = `${field}Id`) => ({
  selectionSet: `{ ${id} }`,
  resolve: (root, _args, context, info) =>
    root[id] ? context.Push.Query[field]({ root, args: { id: root[id] }, context, info }) : null,
})

const supergraph = await getComposedSchemaFromConfig(
  defineConfig({
    subgraphs: [
      {
        sourceHandler: loadOpenAPISubgraph('Push', {
          source,
          endpoint: base,
          operationHeaders: { 'x-api-key': key },
        }),
      },
    ],
    additionalTypeDefs: /* GraphQL */ `
      extend type Finding {
        employee: Employee
        account: Account
        app: App
      }
      extend type Detection {
        details: Detection
      }
      extend type DetectionEvent {
        account: Account
      }
    `,
    cwd: directory,
  }),
  new Logger({ level: false }),
)
const gateway = createGatewayRuntime({
  supergraph,
  logging: false,
  landingPage: false,
  graphiql: false,
  additionalResolvers: {
    Finding: { employee: link('employee'), account: link('account'), app: link('app') },
    Detection: { details: link('detection', 'id') },
    DetectionEvent: { account: link('account') },
  },
  // Whatever failed or was refused is asked for again, five times, with a growing pause.
  upstreamRetry: { maxRetries: 5, retryDelayFactor: 2 },
})
const server = createServer(gateway)
server.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${server.address().port}/graphql`)
})
// The gateway listens to the signal for its own ends, which keeps the process alive.
process.on('SIGTERM', () => {
  process.exit()
})
