/** The composers that a supergraph with Pushgraph in it may meet. */
import { composeServices as composeByApollo } from '@apollo/composition'
import { composeServices as composeByGuild } from '@theguild/federation-composition'
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from '@wundergraph/composition'
import type { DocumentNode } from 'graphql'

/** Gives what is wrong with subgraphs beside each other, in sentences; nothing where they make a supergraph. */
export type Composer = (
  services: readonly { readonly name: string; readonly typeDefs: DocumentNode }[],
) => readonly string[]

const at = (name: string): string => `http://${name}.example/graphql`

/** By the names of their packages. */
export const composers: Readonly<Record<string, Composer>> = {
  '@apollo/composition': services =>
    composeByApollo(services.map(service => ({ ...service, url: at(service.name) }))).errors?.map(
      ({ message }) => message,
    ) ?? [],
  '@theguild/federation-composition': services =>
    composeByGuild(services.map(service => ({ ...service, url: at(service.name) }))).errors?.map(
      ({ message }) => message,
    ) ?? [],
  '@wundergraph/composition': services => {
    const result = federateSubgraphs({
      subgraphs: services.map(({ name, typeDefs }) => ({
        name,
        url: at(name),
        definitions: typeDefs,
      })),
      version: ROUTER_COMPATIBILITY_VERSION_ONE,
    })
    return result.success ? [] : result.errors.map(({ message }) => message)
  },
}
