/** Ids that are the same whenever they are made of the same name. */
import { hash } from 'node:crypto'

/** The namespace of our names: a random id, made once. */
const NAMESPACE = 'b3f1c7de-6a0e-4d5a-9c0f-2f6f5d1a7e43'

const namespace = Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex').toString('latin1')

const variants = '89ab'

/**
 * The UUID of that name, by SHA-1 (version 5).
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5
 */
export const uidOf = (name: string): string => {
  const digest = hash('sha1', Buffer.from(namespace + utf8(name), 'latin1'), 'hex')
  const variant = variants.charAt(Number.parseInt(digest.charAt(16), 16) & 3)
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}

/** The bytes of a text, one letter each. */
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
