import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { concatAST, parse, print, type DocumentNode } from 'graphql'
import { derive } from './derive.ts'
import { withDirectives } from './directives.ts'
import { personalModule } from './personal.ts'
import { withoutDirectives } from './plain.ts'

const written = new URL('../', import.meta.url)

/**
 * The files of `src/generated`: the whole schema as it is asked, and as a supergraph takes it; and in the same two forms
 * what mutations add to it.
 */
export type Bundle = 'schema' | 'subgraph' | 'mutations' | 'mutations-subgraph'

const bundles: readonly Bundle[] = ['schema', 'subgraph', 'mutations', 'mutations-subgraph']

/** The documents of a folder, in the order of their names. */
const documentIn = (folder: URL): DocumentNode => {
  const files = readdirSync(folder)
    .filter(name => name.endsWith('.graphql'))
    .sort()
  return concatAST(files.map(name => parse(readFileSync(new URL(name, folder), 'utf8'))))
}

/** The whole schema without mutations: what is written, then what is derived from it. */
const whole = (): DocumentNode => derive(documentIn(written))

/** One of the bundles as text. */
export const bundle = (of: Bundle = 'schema'): string => {
  const isOfMutations = of.startsWith('mutations')
  const document = isOfMutations
    ? withDirectives(documentIn(new URL('mutations/', written)))
    : whole()
  const told = of.endsWith('subgraph') ? document : withoutDirectives(document)
  return `# Bundled from schema/ by \`npm run codegen\`; never edited.\n\n${print(told)}\n`
}

/** Writes the bundles, and what is known from them, to where the server loads them from. */
export const writeBundle = (): void => {
  const write = (file: string, text: string): void =>
    writeFileSync(new URL(`../../src/generated/${file}`, import.meta.url), text)
  for (const of of bundles) write(`${of}.graphql`, bundle(of))
  write('personal.ts', personalModule(whole()))
}
