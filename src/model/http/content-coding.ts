/** Bodies that come packed, as `Content-Encoding` names it. @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1 */
import { promisify } from 'node:util'
import { brotliDecompress, inflateRaw, unzip } from 'node:zlib'

type Unpack = (packed: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

/** Zlib's own format and gzip's are told apart by their first bytes. */
const unpackZlib: Unpack = promisify(unzip)
const unpackBare: Unpack = promisify(inflateRaw)

/** `deflate` means the format of zlib; many leave out its two bytes at the front. */
const unpackDeflate: Unpack = (packed, options) =>
  packed.length > 1 && (packed.readUInt8(0) & 0x0f) === 8 && packed.readUInt16BE(0) % 31 === 0
    ? unpackZlib(packed, options)
    : unpackBare(packed, options)

const identity: Unpack = packed => Promise.resolve(packed)

const codings: ReadonlyMap<string, Unpack> = new Map([
  ['', identity],
  ['identity', identity],
  ['gzip', unpackZlib],
  ['x-gzip', unpackZlib],
  ['deflate', unpackDeflate],
  ['br', promisify(brotliDecompress)],
])

/** Nobody packs more often in good faith, and each costs time. */
const MOST_CODINGS = 4

/** The codings of a body, the one that was applied last first; those that change nothing are left out. */
export type Codings = readonly Unpack[]

/** Reads the header, without regard to letter case; undefined where one of the codings is not known. */
export const readCodings = (header: string | undefined): Codings | undefined => {
  const names = (header ?? '').toLowerCase().split(',')
  const found = names.flatMap(name => codings.get(name.trim()) ?? [])
  if (found.length < names.length || names.length > MOST_CODINGS) return undefined
  return found.filter(unpack => unpack !== identity).reverse()
}

/**
 * The body as it was before it was packed.
 *
 * @throws {RangeError} where it has more than `maxBytes`, be it on the way
 * @throws zlib's own error where it is not packed so, or not whole
 */
export const unpackBody = async (
  codingsOfBody: Codings,
  packed: Buffer,
  maxBytes: number,
): Promise<Buffer> => {
  let body = packed
  for (const unpack of codingsOfBody) body = await unpack(body, { maxOutputLength: maxBytes })
  return body
}
