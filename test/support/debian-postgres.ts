/** A second PostgreSQL beside that of npm, where somebody has installed it. */
import { existsSync } from 'node:fs'

/** Names the folder of another PostgreSQL than npm's that tests are to use. */
export const OTHER_POSTGRES = 'PUSHGRAPH_TEST_POSTGRES'

/** Debian's PostgreSQL 15, the oldest that will do, and one that another can follow; undefined where it is not installed. */
export const debianPostgres = ['/usr/lib/postgresql/15'].find(folder =>
  existsSync(`${folder}/bin/pg_basebackup`),
)

/** Says before all tests what is not tried without it. */
export const setup = (): void => {
  if (debianPostgres === undefined)
    console.error(
      "Not tried without Debian's postgresql-15: PostgreSQL 15, a standby that takes over, and a database that is restored.",
    )
}
