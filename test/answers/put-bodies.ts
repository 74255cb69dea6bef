/** Bodies of which everybody can see to what they are the answer. */
import { noise } from './noise.ts'

export const QUESTIONS = 200

export const bodyOf = (path: string, askedAt: number): string =>
  JSON.stringify({ path, askedAt, text: noise(10_000, askedAt + path.length) })
