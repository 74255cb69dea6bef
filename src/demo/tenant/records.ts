/** Data of the tenant that stands in files beside this one. */
import { readFileSync } from 'node:fs'

/** The lines of that file, each with its parts between bars. */
export const recordsIn = (file: string): readonly (readonly string[])[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map(line => line.split('|'))
