/**
 * Composes the supergraph from what the subgraphs themselves say of their schemas. As a program it writes
 * supergraph.graphql, of the subgraphs on their usual ports.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { composeServices } from '@theguild/federation-composition'
import { parse } from 'graphql'

/** Addresses of GraphQL endpoints by the names of their subgraphs. */
export type Subgraphs = Readonly<Record<string, string>>

/** Where the subgraphs are when `npm start` has started them. */
export const usual = {
  push: 'http://127.0.0.1:4000/graphql',
  hr: 'http://127.0.0.1:4011/',
  tickets: 'http://127.0.0.1:4012/',
} as const satisfies Subgraphs

/**
 * The supergraph as text, for Hive Gateway, Apollo Router and their like.
 *
 * @throws {Error} with all that the composer complains of
 */
export const compose = async (subgraphs: Subgraphs): Promise<string> => {
  const services = await Promise.all(
    Object.entries(subgraphs).map(async ([name, url]) => ({
      name,
      url,
      typeDefs: parse(await sdlOf(url)),
    })),
  )
  const { supergraphSdl, errors } = composeServices(services)
  if (supergraphSdl === undefined)
    throw new Error(errors?.map(({ message }) => message).join('\n') ?? 'Nothing was composed')
  return supergraphSdl
}

const sdlOf = async (url: string): Promise<string> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  })
  const { data } = (await response.json()) as { data: { _service: { sdl: string } } }
  return data._service.sdl
}

if (import.meta.main)
  writeFileSync(fileURLToPath(new URL('supergraph.graphql', import.meta.url)), await compose(usual))
