/** An authority of the tests' own, what it vouches for, and another one. They are nobody's secrets, and good for a century. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where a file of them lies: `ca.pem`, `server.pem`, `server-key.pem`, `client.pem`, `client-key.pem`, `stranger.pem`. */
export const certificateFile = (name: string): string =>
  fileURLToPath(new URL(`certificates/${name}`, import.meta.url))

const read = (name: string): string => readFileSync(certificateFile(name), 'utf8')

export const authority = {
  ca: read('ca.pem'),
  /** For localhost and 127.0.0.1. */
  server: { cert: read('server.pem'), key: read('server-key.pem') },
  client: { cert: read('client.pem'), key: read('client-key.pem') },
  /** It vouches for none of them. */
  stranger: read('stranger.pem'),
}
