/**
 * Who asks Push just now, in whatever process. There is no leader and no lock to lose: a claim holds as long as its
 * process gives signs of life, and an answer that comes after it was taken over is as good as any other of its time.
 */
import type { DatabaseSync } from 'node:sqlite'

export interface ClaimRows {
  /** Whether somebody asks whose answer will be asked for at or after `notBefore`. */
  isAsked(questionId: Uint8Array, notBefore: number, now: number): boolean
  /** Claims it, from whoever holds it. */
  claim(questionId: Uint8Array, token: number, now: number): void
  /** Ends that one claim, where it is still held. */
  leave(questionId: Uint8Array, token: number): void
  /** Ends the claim of this process, unless it was made after `askedAt`. */
  answered(questionId: Uint8Array, askedAt: number): void
  /** This process is there. */
  beat(now: number): void
  /** Forgets processes that are gone, and what they claimed. */
  sweep(now: number): void
  leaveAll(): void
}

/** A process that has given no sign of life for so long is gone. */
const DEAD_MS = 1_500
/** Nobody waits longer for one question, whoever asks it. */
const LONGEST_MS = 60_000
/** Long enough that no running process finds itself forgotten. */
const FORGOTTEN_MS = 10 * 60_000

/** The claims in that file, those of this process held by `holder`. */
export const createClaimRows = (database: DatabaseSync, holder: string): ClaimRows => {
  const select = database.prepare(
    `SELECT claim.claimed_at, holder.seen_at FROM claim JOIN holder ON holder.id = claim.holder
      WHERE claim.question = ?`,
  )
  const insert = database.prepare('INSERT OR REPLACE INTO claim VALUES (?, ?, ?, ?)')
  const remove = database.prepare(
    'DELETE FROM claim WHERE question = ? AND holder = ? AND token = ?',
  )
  const removeAnswered = database.prepare(
    'DELETE FROM claim WHERE question = ? AND holder = ? AND claimed_at <= ?',
  )
  const see = database.prepare('INSERT OR REPLACE INTO holder VALUES (?, ?)')

  return {
    isAsked: (questionId, notBefore, now) => {
      const row = select.get(questionId)
      if (row === undefined) return false
      const [claimedAt, seenAt] = [Number(row['claimed_at']), Number(row['seen_at'])]
      // A clock that was set back must not make anybody live for ever.
      const within = (ms: number, at: number): boolean => Math.abs(now - at) < ms
      return claimedAt >= notBefore && within(DEAD_MS, seenAt) && within(LONGEST_MS, claimedAt)
    },
    claim: (questionId, token, now) => {
      see.run(holder, now)
      insert.run(questionId, holder, token, now)
    },
    leave: (questionId, token) => {
      remove.run(questionId, holder, token)
    },
    answered: (questionId, askedAt) => {
      removeAnswered.run(questionId, holder, askedAt)
    },
    beat: now => {
      see.run(holder, now)
    },
    sweep: now => {
      database.prepare('DELETE FROM holder WHERE abs(seen_at - ?) > ?').run(now, FORGOTTEN_MS)
      database.exec('DELETE FROM claim WHERE holder NOT IN (SELECT id FROM holder)')
    },
    leaveAll: () => {
      database.prepare('DELETE FROM claim WHERE holder = ?').run(holder)
      database.prepare('DELETE FROM holder WHERE id = ?').run(holder)
    },
  }
}
