/** What the HR and the ticket subgraph have in common: they are small, and keep their rows in a file beside them. */
import { readFileSync } from 'node:fs'
import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled'
import { startStandaloneServer } from '@apollo/server/standalone'
import { buildSubgraphSchema, type GraphQLSchemaModule } from '@apollo/subgraph'
import { parse } from 'graphql'

export interface Subgraph {
  /** Where it answers GraphQL. */
  readonly url: string
  stop(): Promise<void>
}

type Resolvers = NonNullable<GraphQLSchemaModule['resolvers']>

/** Serves `schema.graphql` of that folder with those resolvers, on that port of this machine. */
export const serveSubgraph = async (
  folder: URL,
  resolvers: Resolvers,
  port: number,
): Promise<Subgraph> => {
  const typeDefs = parse(readFileSync(new URL('schema.graphql', folder), 'utf8'))
  const server = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs, resolvers }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  })
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port } })
  return { url, stop: () => server.stop() }
}

/** The rows of a file of comma-separated values, whose first line names the columns. */
export const readRows = (file: URL): Readonly<Record<string, string>>[] => {
  const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  const columns = header.split(',')
  return lines.map(line =>
    Object.fromEntries(line.split(',').map((value, index) => [columns[index] ?? '', value])),
  )
}
