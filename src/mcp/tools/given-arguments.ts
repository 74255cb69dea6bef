/** The arguments that a tool is called with, before anything is asked. */
import type { ToldError } from '../answers/told-answer.ts'
import type { ObjectSchema } from './json-schema.ts'
import type { ToolArguments } from './tool.ts'

/**
 * The arguments without those that are null, which models give for what they leave out; or what is wrong with them. What
 * their values may be, the graph says.
 */
export const readArguments = (
  given: ToolArguments | undefined,
  { properties = {}, required = [] }: ObjectSchema,
): { readonly args: ToolArguments } | { readonly flaws: readonly ToldError[] } => {
  const args = Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== null))
  const known = Object.keys(properties)
  const unknown = Object.keys(args).filter(name => !known.includes(name))
  const missing = required.filter(name => !(name in args))
  const flaws = [
    ...unknown.map(name => flaw(`There is no argument ${JSON.stringify(name.slice(0, MAX_NAME))}`)),
    ...missing.map(name => flaw(`The argument "${name}" is missing`)),
  ]
  if (flaws.length === 0) return { args }
  return { flaws: [...flaws.slice(0, MOST), flaw(`It takes ${known.join(', ') || 'none'}`)] }
}

/** Of a name that is not ours, so many letters are told. */
const MAX_NAME = 100
const MOST = 5

const flaw = (message: string): ToldError => ({ code: 'BAD_USER_INPUT', message })
