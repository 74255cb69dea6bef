/** What a server must be for replicas to share a database of it. */
import type { Query } from './pools.ts'

export interface ServerStanding {
  readonly version: string
  /** Such as 180004. */
  readonly number: number
  readonly encoding: string
  readonly standby: boolean
  /** Whether this user's transactions change nothing unless they ask for more. */
  readonly reading: boolean
  /** How this user's transactions are kept apart unless they ask for more. */
  readonly isolation: string
  /** Whether numbers come with all their digits. */
  readonly exact: boolean
}

const OLDEST_VERSION = 15

/** What that server says of itself; undefined where it says nothing. */
export const serverStanding = async (query: Query): Promise<ServerStanding | undefined> => {
  const [found] = await query<ServerStanding>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
      current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby,
      current_setting('default_transaction_read_only')::bool AS reading,
      current_setting('default_transaction_isolation') AS isolation, current_setting('extra_float_digits')::int > 0 AS exact`,
  )
  return found
}

/** Why it will not do, and the way out; undefined where it will. */
export const unfitness = (found: ServerStanding | undefined): string | undefined => {
  if (found === undefined) return 'it says nothing'
  const name = `PostgreSQL ${found.version}`
  if (found.number < OLDEST_VERSION * 10_000)
    return `${name} is too old: ${OLDEST_VERSION} or newer is needed`
  if (found.encoding !== 'UTF8')
    return `its encoding is ${found.encoding}: make a database with UTF8`
  if (found.standby) return `${name} is a standby, which only reads: name the primary`
  if (found.reading)
    return 'this user only reads (default_transaction_read_only): name one who may write'
  if (found.isolation !== 'read committed')
    return `transactions of this user are ${found.isolation}, and fail where replicas change the same: ALTER ROLE ... SET default_transaction_isolation = 'read committed'`
  if (!found.exact)
    return 'it rounds the numbers that it gives to this user: ALTER ROLE ... SET extra_float_digits = 1'
  return undefined
}
