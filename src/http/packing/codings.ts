/** The codings that bodies are packed in, at levels that take about as long as it would to send what they save. */
import { promisify } from 'node:util'
import {
  brotliCompress,
  type BrotliOptions,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzip,
  type ZlibOptions,
  zstdCompress,
  type ZstdOptions,
} from 'node:zlib'
import type { Transform } from 'node:stream'

/** The one that takes least time first. */
export const CODINGS = ['zstd', 'br', 'gzip'] as const

export type Coding = (typeof CODINGS)[number]

const zstdOptions: ZstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 3 } }
const brotliOptions: BrotliOptions = {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 4,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  },
}
const gzipOptions: ZlibOptions = { level: 4 }

interface Packer {
  readonly pack: (bytes: Buffer) => Promise<Buffer>
  readonly stream: () => Transform
}

const [packZstd, packBrotli, packGzip] = [
  promisify<Buffer, ZstdOptions, Buffer>(zstdCompress),
  promisify<Buffer, BrotliOptions, Buffer>(brotliCompress),
  promisify<Buffer, ZlibOptions, Buffer>(gzip),
]

const packers: Readonly<Record<Coding, Packer>> = {
  zstd: {
    pack: bytes => packZstd(bytes, zstdOptions),
    stream: () => createZstdCompress(zstdOptions),
  },
  br: {
    pack: bytes => packBrotli(bytes, brotliOptions),
    stream: () => createBrotliCompress(brotliOptions),
  },
  gzip: { pack: bytes => packGzip(bytes, gzipOptions), stream: () => createGzip(gzipOptions) },
}

/** The whole of it packed, on another thread. */
export const packWhole = (coding: Coding, bytes: Buffer): Promise<Buffer> =>
  packers[coding].pack(bytes)

/** Packs what is written into it piece by piece, on another thread. */
export const packingStream = (coding: Coding): Transform => packers[coding].stream()
