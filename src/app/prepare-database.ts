/** The tables of the database that replicas share, made before the first of them starts. */
import type { Config } from '../config/config.ts'

export interface PreparedTables {
  readonly version: number
  /** Steps that were taken to come there. */
  readonly taken: number
}

/**
 * Brings the tables to the newest version; undefined where the settings name no database.
 *
 * @throws {DatabaseUnavailable} {DatabaseUnusable}
 */
export const prepareDatabase = async ({
  databaseUrl,
}: Pick<Config, 'databaseUrl'>): Promise<PreparedTables | undefined> => {
  if (databaseUrl === undefined) return undefined
  const { openPools } = await import('../postgres/connecting/pools.ts')
  const { databaseSteps, migrate } = await import('../postgres/connecting/schema.ts')
  const pools = openPools({ url: databaseUrl(), name: 'pushgraph migrate' })
  try {
    return { taken: await migrate(pools), version: databaseSteps.length }
  } finally {
    await pools.close()
  }
}
