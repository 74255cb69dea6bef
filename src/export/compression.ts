/** How the text of an export is packed: each batch by itself, since what packers make may stand behind one another. */
import { promisify } from 'node:util'
import { gzip, zstdCompress } from 'node:zlib'

export const compressionNames = ['gzip', 'zstd'] as const

export type Compression = (typeof compressionNames)[number]

/** How the names of packed files end. */
export const endings: { readonly [Name in Compression]: string } = { gzip: '.gz', zstd: '.zst' }

const packers: { readonly [Name in Compression]: (text: string) => Promise<Uint8Array> } = {
  gzip: promisify((text: string, done: (error: Error | null, bytes: Buffer) => void) => {
    gzip(text, done)
  }),
  zstd: promisify((text: string, done: (error: Error | null, bytes: Buffer) => void) => {
    zstdCompress(text, done)
  }),
}

/** The bytes of a text in the file; as they are without a compression. */
export const packedBy = (
  compression: Compression | undefined,
): ((text: string) => Promise<Uint8Array>) =>
  compression === undefined ? text => Promise.resolve(Buffer.from(text)) : packers[compression]
