/** Where an API key comes from, and how it is read again each time it is asked for. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { GatewayError } from '../errors.ts'
import { secret } from './variables.ts'

/**
 * The connector's key as it is now.
 *
 * @throws {GatewayError} UNAUTHENTICATED, when the file or the command gives none. The cause tells the operator why.
 */
export type ReadKey = () => Promise<string>

const commandTimeoutMs = 10_000

/** A key that stands in the settings themselves. */
export const fixedKey =
  (key: string): ReadKey =>
  async () =>
    key

/** A key in a file, read at each call, so that a rotated key is found. */
export const keyFromFile =
  (alias: string, path: string): ReadKey =>
  async () =>
    readable(alias, () => readFile(path, 'utf8'))

/** A key that a command prints, run at each call. A plain text is given to the shell, a list is run as it stands. */
export const keyFromCommand =
  (alias: string, command: string | readonly string[]): ReadKey =>
  async () =>
    readable(alias, async () => {
      const [program = '', ...args] =
        typeof command === 'string' ? ['/bin/sh', '-c', command] : command
      const { stdout } = await promisify(execFile)(program, args, { timeout: commandTimeoutMs })
      return stdout
    })

/** What keeps a key file from being used, as the end of a sentence; undefined where nothing does. Never its content. */
export const keyFileFlaw = (path: string): string | undefined => {
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (cause) {
    return `names ${path}, which cannot be read (${errorCode(cause)})`
  }
  if (content.trim() === '') return `names ${path}, which is empty`
  if (!secret.safeParse(content.trim()).success)
    return `names ${path}, which must hold the key alone, on one line`
  return undefined
}

/** The operating system's word for what went wrong. */
export const errorCode = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'

const readable = async (alias: string, read: () => Promise<string>): Promise<string> => {
  let key: string
  try {
    key = (await read()).trim()
  } catch (cause) {
    // A failed command's own error repeats its output, which may be the key.
    throw refused(alias, new Error(`The key could not be read (${errorCode(cause)})`))
  }
  if (secret.safeParse(key).success) return key
  throw refused(alias, new Error('What was read is no key: empty, or more than one word'))
}

const refused = (alias: string, cause: Error): GatewayError =>
  new GatewayError('UNAUTHENTICATED', `The API key of connector ${alias} cannot be read`, {}, cause)
