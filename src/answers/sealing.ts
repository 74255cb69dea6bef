/** Answers sealed with a key (AES-256-GCM), so that nobody else who gets at the file can read or exchange them. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import type { PushQuestion } from './contract.ts'

export interface AnswerSeal {
  /** What names it in the file; '' for answers that are not sealed. */
  readonly id: string
  /** Under what an answer to that question is kept. */
  questionId(question: PushQuestion): Uint8Array
  /** `place` is what the bytes belong to: they open nowhere else. */
  close(bytes: Uint8Array, place: Uint8Array): Uint8Array
  /** @throws where they were changed, or belong elsewhere */
  open(bytes: Uint8Array, place: Uint8Array): Uint8Array
}

export interface AnswerSeals {
  /** What seals from now on. */
  readonly first: AnswerSeal
  /** All that open, that one first. */
  readonly all: readonly AnswerSeal[]
}

/** How long a key is, in bytes. */
export const DATA_KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** @throws {RangeError} for a key of another length */
export const checkDataKeys = (dataKeys: readonly Uint8Array[]): void => {
  if (dataKeys.some(key => key.length !== DATA_KEY_BYTES))
    throw new RangeError(`A data key has ${DATA_KEY_BYTES} bytes`)
}

/** The first key seals, and all of them open; without any, nothing is sealed. */
export const createSeals = (dataKeys: readonly Uint8Array[]): AnswerSeals => {
  const [first = notSealed, ...others] = dataKeys.map(createSeal)
  return { first, all: [first, ...others] }
}

/** The text sealed, as a text: as it is where nothing is sealed. `place` is what it belongs to: it opens nowhere else. */
export const sealText = ({ first }: AnswerSeals, text: string, place: string): string =>
  first.id === ''
    ? text
    : `${first.id}.${Buffer.from(first.close(Buffer.from(text), Buffer.from(place))).toString('base64')}`

/** What was sealed; undefined where none of the keys at hand opens it there. */
export const openText = ({ all }: AnswerSeals, text: string, place: string): string | undefined => {
  const [, id = '', sealed = text] = /^([0-9a-f]{16})\.(.*)$/.exec(text) ?? []
  const seal = all.find(each => each.id === id)
  if (seal === undefined) return undefined
  try {
    return seal.id === ''
      ? text
      : Buffer.from(seal.open(Buffer.from(sealed, 'base64'), Buffer.from(place))).toString()
  } catch {
    return undefined
  }
}

const textOf = ({ tenant, path }: PushQuestion): string => `${tenant}\n${path}`

const notSealed: AnswerSeal = {
  id: '',
  questionId: question => createHash('sha256').update(textOf(question)).digest(),
  close: bytes => bytes,
  open: bytes => bytes,
}

const createSeal = (dataKey: Uint8Array): AnswerSeal => {
  /** A key of its own for each use, so that none says anything of another. */
  const derive = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', dataKey, '', `pushgraph answers ${use}`, DATA_KEY_BYTES))
  const [bodyKey, questionKey] = [derive('body'), derive('question')]

  return {
    id: derive('id').toString('hex').slice(0, 16),
    questionId: question => createHmac('sha256', questionKey).update(textOf(question)).digest(),
    close: (bytes, place) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', bodyKey, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(place)
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    },
    open: (bytes, place) => {
      const tagAt = bytes.length - TAG_BYTES
      if (tagAt < NONCE_BYTES) throw new RangeError('Too short to be sealed')
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', bodyKey, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(place)
      decipher.setAuthTag(bytes.subarray(tagAt))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, tagAt)), decipher.final()])
    },
  }
}
