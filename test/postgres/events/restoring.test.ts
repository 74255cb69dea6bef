/** A database that is restored from a dump, under replicas that were stopped meanwhile. Whose programs dump, npm's lacks. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../../examples/replicas/postgres.ts'
import type { EventRow } from '../../../src/model/events.ts'
import { resumeFrom } from '../../../src/query/stored/resume.ts'
import { debianPostgres } from '../../support/debian-postgres.ts'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import { openSharedEvents, type SharedEvents } from '../../support/shared-events.ts'

const run = promisify(execFile)
const program = (name: string): string => join(debianPostgres ?? '', 'bin', name)

const unknown = { fields: { cursor: 'UNKNOWN' } }

test.skipIf(debianPostgres === undefined)(
  'replicas go on with a dump; a cursor beyond it is refused, also once another event has its number',
  async () => {
    const server = await startPostgres({ native: debianPostgres })
    onTestFinished(server.stop)
    const address = (name: string): string => server.url.replace(/[^/]*$/, name)
    const onServer = async (sql: string): Promise<void> => {
      const client = new pg.Client({ connectionString: server.url })
      await client.connect()
      await client.query(sql)
      await client.end()
    }
    await onServer('CREATE DATABASE before')
    let arrivedAt = Math.floor(Date.now() / 1_000)
    /** Those that were not stored before; none arrives at the moment of another. */
    const stored = async (
      { events }: SharedEvents,
      ...ids: readonly string[]
    ): Promise<readonly EventRow[]> => {
      const rows: (EventRow | null)[] = []
      for (const id of ids)
        rows.push(
          await events.append(eventOf(delivery({ id }), { receivedAt: (arrivedAt += 0.5) })),
        )
      return rows.filter(row => row !== null)
    }

    const before = await openSharedEvents(address('before'))
    const { identity } = before.events
    const [, kept] = await stored(before, 'a', 'b')
    const dump = join(directoryForTest(), 'dump')
    await run(program('pg_dump'), ['--format=custom', `--file=${dump}`, address('before')])
    const lost = await stored(before, 'c', 'd')
    await before.close()

    await onServer('CREATE DATABASE after')
    await run(program('pg_restore'), ['--no-owner', `--dbname=${address('after')}`, dump])
    const after = await openSharedEvents(address('after'))
    onTestFinished(after.close)
    const placeOf = ({ sequence, receivedAt }: EventRow) => ({
      store: identity,
      sequence,
      receivedAt,
    })
    for (const row of lost)
      await expect(resumeFrom(placeOf(row), after.events)).rejects.toMatchObject(unknown)
    // What Push sends again is stored, with whatever number, and what was kept is there once.
    const again = await stored(after, 'a', 'd', 'e', 'f')
    expect(again.map(({ id }) => id)).toEqual(['d', 'e', 'f'])
    if (kept === undefined) throw new Error('Two were stored')
    const place = await resumeFrom(placeOf(kept), after.events)
    const beyond = await after.database.query(
      'read',
      'SELECT id FROM event WHERE sequence > $1::bigint ORDER BY sequence',
      [place.sequence],
    )
    expect(beyond.map(({ id }) => id)).toEqual(['d', 'e', 'f'])
    for (const row of lost)
      await expect(resumeFrom(placeOf(row), after.events)).rejects.toMatchObject(unknown)
  },
)
