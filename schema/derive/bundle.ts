import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { concatAST, parse, print } from 'graphql'
import { derive } from './derive.ts'

const written = new URL('../', import.meta.url)
const bundled = new URL('../../src/generated/schema.graphql', import.meta.url)

/** The whole schema as text: the written files in the order of their names, then what is derived from them. */
export const bundle = (): string => {
  const files = readdirSync(written)
    .filter(name => name.endsWith('.graphql'))
    .sort()
  const documents = files.map(name => parse(readFileSync(new URL(name, written), 'utf8')))
  return `# Bundled from schema/ by \`npm run codegen\`; never edited.\n\n${print(derive(concatAST(documents)))}\n`
}

/** Writes the bundle to where the server loads it from. */
export const writeBundle = (): void => {
  writeFileSync(bundled, bundle())
}
