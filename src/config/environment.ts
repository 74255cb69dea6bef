/** The variables that are set, in the environment or in `.env`. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { errorCode } from './key.ts'

/** Without those that are set to nothing, which counts as left out. */
export const filled = (
  env: Readonly<Record<string, string | undefined>>,
): Partial<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || value.trim() === '' ? [] : [[name, value.trim()] as const],
    ),
  )

/** What stands in that folder's `.env`; nothing where there is none, or it cannot be read, which is added to `problems`. */
export const readDotEnv = (
  directory: string,
  problems: string[],
): Partial<Record<string, string>> => {
  const path = join(directory, '.env')
  if (!existsSync(path)) return {}
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (cause) {
    problems.push(`${path} cannot be read (${errorCode(cause)}); correct it or take it away`)
    return {}
  }
}
