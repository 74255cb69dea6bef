import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { concatAST, parse, print, type DocumentNode } from 'graphql'
import { derive } from './derive.ts'
import { withoutDirectives } from './plain.ts'

const written = new URL('../', import.meta.url)

/** The file of `src/generated` that has the whole schema: as it is asked, and as a supergraph takes it. */
export type Bundle = 'schema' | 'subgraph'

const bundles: readonly Bundle[] = ['schema', 'subgraph']

/** The whole schema as text: the written files in the order of their names, then what is derived from them. */
export const bundle = (of: Bundle = 'schema'): string => {
  const files = readdirSync(written)
    .filter(name => name.endsWith('.graphql'))
    .sort()
  const documents = files.map(name => parse(readFileSync(new URL(name, written), 'utf8')))
  const whole: DocumentNode = derive(concatAST(documents))
  return `# Bundled from schema/ by \`npm run codegen\`; never edited.\n\n${print(of === 'schema' ? withoutDirectives(whole) : whole)}\n`
}

/** Writes the bundles to where the server loads them from. */
export const writeBundle = (): void => {
  for (const of of bundles)
    writeFileSync(new URL(`../../src/generated/${of}.graphql`, import.meta.url), bundle(of))
}
