/** The file that PUSHGRAPH_DATA_KEY_FILE names: the keys that seal what is kept in the data folder. */
import { readFileSync } from 'node:fs'
import { errorCode } from './key.ts'

/** AES-256. */
const KEY_BYTES = 32

export interface DataKeys {
  /** The first seals, all of them open. */
  readonly keys: readonly Uint8Array[]
  /** What is wrong with the file, never with what it holds. */
  readonly problems: readonly string[]
}

/** The keys of that file, a line each. */
export const readDataKeys = (path: string): DataKeys => {
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (cause) {
    return flawed(`names ${path}, which cannot be read (${errorCode(cause)})`)
  }
  const lines = content.split(/\r?\n/).map(line => line.trim())
  const keys = lines.filter(line => line !== '').map(keyOf)
  const known = keys.filter(key => key !== undefined)
  if (known.length < keys.length || keys.length === 0 || keys.length > 2)
    return flawed(
      `names ${path}, which must hold one key, or two for a change of keys (the new one first), each on a line of its own: ${KEY_BYTES} bytes in base64 or hexadecimal digits, as "openssl rand -base64 ${KEY_BYTES}" prints them`,
    )
  const [one, other] = known
  if (one !== undefined && other !== undefined && Buffer.compare(one, other) === 0)
    return flawed(`names ${path}, which holds the same key twice; leave one of them out`)
  return { keys: known, problems: [] }
}

const flawed = (flaw: string): DataKeys => ({
  keys: [],
  problems: [`PUSHGRAPH_DATA_KEY_FILE ${flaw}`],
})

const keyOf = (text: string): Uint8Array | undefined => {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  // Either alphabet, with or without what fills it up.
  if (!/^[\w+/-]{43}=?$/.test(text)) return undefined
  const key = Buffer.from(text, 'base64')
  return key.length === KEY_BYTES ? key : undefined
}
