/** What the database has of the deliveries that were sent. */
import type { BenchDatabase } from '../surroundings.ts'

export interface StoredEvents {
  readonly stored: number
  /** Of them, so many have an id of their own. */
  readonly different: number
}

/** Of those whose id begins so. */
export const countStored = async (
  database: BenchDatabase,
  beginning: string,
): Promise<StoredEvents> => {
  const [found] = await database.query(
    `SELECT count(*) AS stored, count(DISTINCT id) AS different FROM event WHERE starts_with(id, '${beginning} ')`,
  )
  return { stored: Number(found?.['stored']), different: Number(found?.['different']) }
}
