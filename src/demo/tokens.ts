/** Places in a list as opaque texts: unreadable, tamper-evident, and in need of escaping in a URL. */
import { createHmac, timingSafeEqual } from 'node:crypto'

export interface Tokens<Place> {
  seal(place: Place): string
  /** Undefined for a text that `seal` did not give. */
  open(token: string): Place | undefined
}

// In base64 this is `++//`: a client that forgets to escape a token fails with the first one.
const PREFIX = Buffer.from([0xfb, 0xef, 0xff])
const SIGNATURE_BYTES = 16

/** Tokens that only the same secret opens. */
export const createTokens = <Place>(secret: string): Tokens<Place> => {
  const sign = (text: Buffer): Buffer =>
    createHmac('sha256', secret).update(text).digest().subarray(0, SIGNATURE_BYTES)

  const mask = (text: Buffer, signature: Buffer): Buffer => {
    const key = createHmac('sha512', secret).update(signature).digest()
    return text.map((octet, index) => octet ^ (key[index % key.length] as number)) as Buffer
  }

  return {
    seal: place => {
      const json = JSON.stringify(place)
      // Two octets past a multiple of three: base64 then ends in `=`.
      const text = Buffer.from(json + ' '.repeat((3 - ((Buffer.byteLength(json) + 2) % 3)) % 3))
      const signature = sign(text)
      return Buffer.concat([PREFIX, signature, mask(text, signature)]).toString('base64')
    },
    open: token => {
      const octets = Buffer.from(token, 'base64')
      if (octets.toString('base64') !== token || !octets.subarray(0, 3).equals(PREFIX))
        return undefined
      const signature = octets.subarray(3, 3 + SIGNATURE_BYTES)
      const text = mask(octets.subarray(3 + SIGNATURE_BYTES), signature)
      if (signature.length !== SIGNATURE_BYTES || !timingSafeEqual(sign(text), signature))
        return undefined
      return JSON.parse(text.toString()) as Place
    },
  }
}
