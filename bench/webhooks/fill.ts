/** Stored events made up, as many as one likes, from as many days as are kept. */
import { openEventFile } from '../../src/events/event-file.ts'
import { createWriting } from '../../src/events/writing.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'

export const DAYS = 89
/** Each has as many events as any other, and an address `person0@example.com` and up. */
export const PEOPLE = 5_000

/**
 * Writes an event file with so many events as the server would, but without waiting for the disk, and the indexes at the
 * end.
 *
 * @returns how many milliseconds it took
 */
export const fillEvents = (path: string, count: number): number => {
  const from = performance.now()
  const database = openEventFile(path)
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000')
  const indexes = database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    .all()
  for (const { name } of indexes) database.exec(`DROP INDEX ${String(name)}`)
  const writing = createWriting(database)
  const start = Math.floor(Date.now() / 1_000) - DAYS * 86_400
  const atOnce = Math.min(count, 10_000)
  for (let first = 0; first < count; first += atOnce)
    writing.append(
      Array.from({ length: atOnce }, (_, offset) => {
        const index = first + offset
        const occurredAt = start + Math.floor((index * (DAYS * 86_400)) / count)
        const delivery = readDelivery(
          Buffer.from(JSON.stringify(eventOf(index, occurredAt))),
          occurredAt + 1,
        )
        if (!delivery.ok) throw new Error(delivery.problem)
        return { ...delivery.event, connector: 'default', receivedAt: occurredAt + 1 }
      }),
    )
  for (const { sql } of indexes) database.exec(String(sql))
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
  return performance.now() - from
}

const OBJECTS = [
  'LOGIN',
  'LOGIN',
  'LOGIN',
  'LOGIN',
  'PHISHING',
  'BLOCKED_URL',
  'MFA_REQUIRED',
] as const

const eventOf = (index: number, timestamp: number) => {
  const object = OBJECTS[index % OBJECTS.length] ?? ''
  // A prime without a common divisor with the number of people: each of them in turn, in a mixed order.
  const someone = (index * 7_919) % PEOPLE
  return {
    version: '1',
    id: `event ${index}`,
    timestamp,
    object,
    category: object === 'LOGIN' ? 'ACTIVITY' : 'CONTROL',
    friendlyName: object,
    description: 'made up',
    new: {
      employeeId: `employee ${someone}`,
      accountId: `account ${index % 20_000}`,
      appId: `app ${index % 300}`,
      browserId: `browser ${index % 6_000}`,
      email: `person${someone}@example.com`,
      sourceIpAddress: `203.0.113.${index % 250}`,
      loginUrl: 'https://login.example/',
      userAgent: 'Mozilla/5.0 '.repeat(6),
    },
  }
}
