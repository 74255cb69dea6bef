/** A server that runs elsewhere, as commands are told of it. */
import { CommandError, readInput, type Terminal } from './terminal.ts'

/** The address of that path there; where the address has a path of its own, that one. @throws {CommandError} */
export const addressOn = (text: string, path: `/${string}`): URL => {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new CommandError(
      '--url must be the address of a running server, such as http://127.0.0.1:4000',
      2,
    )
  if (url.pathname === '/') url.pathname = path
  return url
}

/**
 * The token that the file holds: never from the command line itself, which everybody on the machine can read. Undefined where
 * there is no file.
 *
 * @throws {CommandError} where the file holds none
 */
export const readToken = async (
  terminal: Terminal,
  file: string | undefined,
): Promise<string | undefined> => {
  if (file === undefined) return undefined
  const text = new TextDecoder().decode(await readInput(terminal, file, 'a token')).trim()
  if (TOKEN.test(text)) return text
  throw new CommandError('--token-file must name a file that holds the token alone, on one line', 2)
}

/** What may stand in a header. */
export const TOKEN = /^[\x21-\x7e]+$/
