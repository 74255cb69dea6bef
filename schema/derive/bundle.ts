import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { concatAST, parse, print, type DocumentNode } from 'graphql'
import { derive } from './derive.ts'
import { personalModule } from './personal.ts'
import { withoutDirectives } from './plain.ts'

const written = new URL('../', import.meta.url)

/** The file of `src/generated` that has the whole schema: as it is asked, and as a supergraph takes it. */
export type Bundle = 'schema' | 'subgraph'

const bundles: readonly Bundle[] = ['schema', 'subgraph']

/** The whole schema: the written files in the order of their names, then what is derived from them. */
const whole = (): DocumentNode => {
  const files = readdirSync(written)
    .filter(name => name.endsWith('.graphql'))
    .sort()
  const documents = files.map(name => parse(readFileSync(new URL(name, written), 'utf8')))
  return derive(concatAST(documents))
}

/** The whole schema as text. */
export const bundle = (of: Bundle = 'schema'): string => {
  const document = of === 'schema' ? withoutDirectives(whole()) : whole()
  return `# Bundled from schema/ by \`npm run codegen\`; never edited.\n\n${print(document)}\n`
}

/** Writes the bundles, and what is known from them, to where the server loads them from. */
export const writeBundle = (): void => {
  const write = (file: string, text: string): void =>
    writeFileSync(new URL(`../../src/generated/${file}`, import.meta.url), text)
  for (const of of bundles) write(`${of}.graphql`, bundle(of))
  write('personal.ts', personalModule(whole()))
}
