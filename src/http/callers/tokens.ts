/** Callers who show a token of the settings. Only its hash is known, and what is shown is compared in constant time. */
import { hash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import type { TokenEntry } from '../../model/callers.ts'
import { createRights } from '../../model/rights.ts'
import type { Identity } from './identity.ts'

export interface Tokens {
  /** Whose token it is; undefined where it is nobody's, or not any longer. */
  of(text: string): Identity | undefined
  /** These are the tokens from now on. Who is in both lists with the same rights goes on as the same one. */
  replace(entries: readonly TokenEntry[]): void
}

interface Known {
  readonly entry: TokenEntry
  readonly sha256: Buffer
  readonly identity: Identity
}

/** Bytes of a hash by which those that could fit are found: which ones, tells nothing of a token. */
const FOUND_BY = 4

export const createTokens = (entries: readonly TokenEntry[], clock: Pick<Clock, 'now'>): Tokens => {
  let known: ReadonlyMap<number, readonly Known[]> = new Map()

  const find = (sha256: Buffer): Known | undefined => {
    let found: Known | undefined
    for (const one of known.get(sha256.readUIntBE(0, FOUND_BY)) ?? [])
      if (timingSafeEqual(one.sha256, sha256)) found = one
    return found
  }

  const know = (entry: TokenEntry): Known => {
    const sha256 = Buffer.from(entry.sha256, 'hex')
    const before = find(sha256)
    if (before !== undefined && isSame(before.entry, entry)) return before
    const { name, scopes, connectors, expiresAt = Infinity } = entry
    const identity: Identity = {
      rights: { ...createRights(name, scopes, connectors), name },
      endsAt: expiresAt,
      holds: () => find(sha256)?.identity === identity && clock.now() < expiresAt,
    }
    return { entry, sha256, identity }
  }

  const replace: Tokens['replace'] = next => {
    known = Map.groupBy(next.map(know), ({ sha256 }) => sha256.readUIntBE(0, FOUND_BY))
  }
  replace(entries)

  return {
    of: text => {
      const found = find(hash('sha256', text, 'buffer'))
      return found !== undefined && clock.now() < found.identity.endsAt ? found.identity : undefined
    },
    replace,
  }
}

const isSame = (one: TokenEntry, other: TokenEntry): boolean =>
  JSON.stringify(one) === JSON.stringify(other)
