/** Files that settings name, in JSON or YAML: read into plain values, and what is wrong with them without a value. */
import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { errorCode } from './key.ts'

/** What the file states, undefined where it is empty; or a sentence that says why nobody can read it. */
export const readStructured = (
  path: string,
): { readonly stated: unknown } | { readonly problem: string } => {
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (cause) {
    return { problem: `${path} cannot be read (${errorCode(cause)})` }
  }

  // JSON is YAML. A parse error's own message quotes the line, which may hold a key.
  const lines = new LineCounter()
  const document = parseDocument(content, { prettyErrors: false, lineCounter: lines })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    return {
      problem: `${path} is neither JSON nor YAML at line ${line}, column ${col} (${error.code})`,
    }
  }

  try {
    return { stated: content.trim() === '' ? undefined : document.toJS() }
  } catch {
    // It names the alias, which may be a secret without quotes.
    return {
      problem: `${path} has a YAML alias (a text that begins with *) that stands for nothing, or too many; put such a text in quotes`,
    }
  }
}

/** The issue as a sentence that says where it is; `whole` is what the file must be. */
export const issueSentence = (issue: z.core.$ZodIssue, whole: string): string => {
  const at = placeOf(issue.path)
  if (issue.code === 'unrecognized_keys')
    return `${at === '' ? 'the file' : at} has unknown members: ${issue.keys.join(', ')}`
  if (issue.code === 'invalid_type')
    return at === ''
      ? `the file must be ${whole}`
      : `${at} must be ${kinds[issue.expected] ?? issue.expected}`
  return `${at === '' ? 'the file' : at} ${/^(must|can)/.test(issue.message) ? issue.message : `must be valid (${issue.message})`}`
}

/** `connectors[1].url`, or `[1].url` in a file that is a list. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')

const kinds: Readonly<Record<string, string>> = {
  string: 'text (put a number in quotes)',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  number: 'a number',
  int: 'a whole number',
}
