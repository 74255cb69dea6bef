/** Who shares the database, for people who look. */
import type { Database } from './database.ts'
import { DatabaseUnavailable } from './failures.ts'

/** How the database fares, as one replica sees it. */
export interface SharedStanding {
  readonly reachable: boolean
  /** Milliseconds that its last answer took; null where it never gave one. */
  readonly answerMs: number | null
  /** Milliseconds that its clock is ahead of this machine's. */
  readonly clockOffsetMs: number
  /** Questions of this replica that wait for a connection. */
  readonly waiting: number
  /** Those that gave a sign of life lately, this one first; empty while it cannot be reached. */
  readonly replicas: readonly SharingReplica[]
}

export interface SharingReplica {
  /** Another one after each start. */
  readonly name: string
  readonly isThis: boolean
  /** Questions that it asks Push just now, for all who want to know. */
  readonly asks: number
}

/** How the database fares, and who asks Push just now. */
export const sharedStanding = async ({
  query,
  replica,
  standing,
}: Pick<Database, 'query' | 'replica' | 'standing'>): Promise<SharedStanding> => {
  const { isReachable, tookMs, offsetMs, connections } = standing()
  return {
    reachable: isReachable,
    answerMs: tookMs === undefined ? null : Math.round(tookMs),
    clockOffsetMs: Math.round(offsetMs),
    waiting: Object.values(connections).reduce((sum, { waiting }) => sum + waiting, 0),
    replicas: isReachable ? await replicasOf(query, replica) : [],
  }
}

/** Whether another living replica has that value of a setting. @throws {DatabaseUnavailable} */
export const isSetElsewhere = async (
  { query, replica }: Pick<Database, 'query' | 'replica'>,
  [name, value]: readonly [string, string],
): Promise<boolean> => {
  const others = await query<{ readonly settings: string }>(
    'step',
    "SELECT settings FROM replica WHERE id <> $1 AND settings <> '' AND is_alive(id)",
    [replica],
  )
  return others.some(
    ({ settings }) => (JSON.parse(settings) as Record<string, string>)[name] === value,
  )
}

const replicasOf = async (
  query: Database['query'],
  own: string,
): Promise<readonly SharingReplica[]> => {
  try {
    const found = await query<{ readonly id: string; readonly asks: number }>(
      'step',
      `SELECT id, (SELECT count(*) FROM answer_claim WHERE answer_claim.replica = replica.id) AS asks
        FROM replica WHERE is_alive(id) ORDER BY id <> $1, id`,
      [own],
    )
    return found.map(({ id, asks }) => ({ name: id, isThis: id === own, asks }))
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return []
    throw error
  }
}
