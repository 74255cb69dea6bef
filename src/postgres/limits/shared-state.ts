/**
 * What outlives a process, shared by all replicas: the level of each bucket, by steps of the database; facts, sizes and
 * measures in the memory of each replica, written behind and read again each second.
 */
import type { Clock } from '../../model/clock.ts'
import type { Facts } from '../../upstream/contract/contract.ts'
import {
  createSizes,
  FORGET_EVERY,
  type Measures,
  MOST_SEEN,
  nameOfQuestion,
  onePer,
  type SeenQuestions,
} from '../../upstream/state/sizes.ts'
import type { State } from '../../upstream/state/state.ts'
import type { Database } from '../connecting/database.ts'
import { DatabaseUnavailable } from '../connecting/failures.ts'
import type { BucketRow } from './bucket-row.ts'
import { createSharedBuckets } from './buckets.ts'
import { createIdentities } from './identities.ts'
import { type AskDatabase, createNoteTable, type NoteTable } from './notes.ts'
import { createStepper } from './stepper.ts'

export interface SharedStateOptions {
  readonly database: Pick<Database, 'query' | 'clock' | 'replica'>
  /** Told of what is wrong here; that the database cannot be reached is told by whoever opened it. */
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined
}

/** What another replica learnt is seen here so much later at most, besides its own delay before it writes. */
const EVERY_MS = 1_000
/** A change that is read later than one after it: a statement takes no longer. */
const OVERLAP_MS = 5_000
/** Little is read and written each time: a connection on which that takes longer is broken. */
const TERMS = { timeoutMs: 2_000 }
/** Of what questions came to, so much is read at the start, of all keys together. */
const FIRST_SEEN = 100_000

/** @throws {DatabaseUnavailable} where it cannot be read now */
export const openSharedState = async ({
  database,
  onProblem,
}: SharedStateOptions): Promise<State> => {
  const { clock } = database
  const stepper = createStepper(database, clock)
  const buckets = createSharedBuckets({ stepper, replica: database.replica, clock })
  const facts = createNoteTable({ table: 'key_fact', type: 'text', read: String })
  const measures = createNoteTable({ table: 'key_measure', type: 'float8', read: Number })
  const seen = createNoteTable({
    ...{ table: 'key_seen', type: 'float8', read: Number },
    ...{ most: MOST_SEEN, firstMost: FIRST_SEEN },
  })
  const identities = createIdentities()
  const forgetting = new Set<string>()
  const mirrored = [identities, facts, measures, seen]
  let readUntil: number | undefined

  const write = async (): Promise<void> => {
    const ask: AskDatabase = (sql, values) => database.query('write', sql, values, TERMS)
    for (const each of mirrored) await each.write(ask)
    for (const id of forgetting) {
      await ask(FORGET, [id])
      forgetting.delete(id)
    }
  }

  const read = async (): Promise<void> => {
    const terms = readUntil === undefined ? {} : TERMS
    const ask: AskDatabase = (sql, values) => database.query('read', sql, values, terms)
    const [row] = await ask('SELECT ms() AS now', [])
    const since = readUntil === undefined ? undefined : readUntil - OVERLAP_MS
    for (const each of mirrored) await each.refresh(ask, since)
    const changed = await ask('SELECT * FROM bucket WHERE at > $1', [since ?? 0])
    buckets.know(changed as unknown as readonly BucketRow[])
    readUntil = Number(row?.['now'])
  }

  await read()
  const pulse = startPulse(clock, async () => {
    try {
      await write()
      await read()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable))
        onProblem?.('What is known of the keys cannot be shared with other replicas', error)
    }
  })

  return {
    bucket: buckets.keeper,
    facts: onePer(id => factsOf(facts, id, clock, pulse.soon)),
    measures: id => measuresOf(measures, id, clock),
    sizes: onePer(id =>
      createSizes(
        measuresOf(measures, id, clock),
        seenOf(seen, id, clock, () => forgetting.add(id)),
      ),
    ),
    keptAs: identities.keptAs,
    succeed: (id, former) => {
      identities.succeed(id, former)
      pulse.soon()
    },
    limiters: new Map(),
    close: async () => {
      buckets.close()
      stepper.close()
      await pulse.end()
      await write().catch(() => undefined)
    },
  }
}

const FORGET = `DELETE FROM key_seen WHERE id = $1 AND name IN
  (SELECT name FROM key_seen WHERE id = $1 ORDER BY at DESC OFFSET ${MOST_SEEN})`

/** Runs `beat` each second, and sooner where asked for; never twice at once. */
const startPulse = (clock: Clock, beat: () => Promise<void>) => {
  let running: Promise<void> | undefined
  let isOver = false
  let stopTimer = (): void => undefined

  const run = (): void => {
    stopTimer()
    if (isOver) return
    const done = (): void => {
      running = undefined
      if (!isOver) stopTimer = clock.after(EVERY_MS, run)
    }
    running ??= beat().then(done)
  }
  stopTimer = clock.after(EVERY_MS, run)

  return {
    soon: run,
    end: async (): Promise<void> => {
      isOver = true
      stopTimer()
      await running
    },
  }
}

const factsOf = (
  notes: NoteTable<string>,
  id: string,
  clock: Clock,
  onNews: () => void,
): Facts => ({
  get: name => notes.of(id).get(name)?.value,
  set: (name, value) => {
    notes.set(id, name, { value, at: clock.now() })
    onNews()
  },
  all: () =>
    new Map([...notes.of(id)].map(([name, { value }]) => [name, value] as const).sort(byName)),
})

const byName = ([one]: readonly [string, string], [other]: readonly [string, string]): number =>
  one < other ? -1 : 1

const measuresOf = (notes: NoteTable<number>, id: string, clock: Clock): Measures => ({
  get: name => notes.of(id).get(name),
  set: (name, value) => notes.set(id, name, { value, at: clock.now() }),
})

const seenOf = (
  notes: NoteTable<number>,
  id: string,
  clock: Clock,
  onMany: () => void,
): SeenQuestions => {
  let sinceForgotten = 0
  return {
    seen: question => notes.of(id).get(nameOfQuestion(question))?.value,
    see: (question, objects) => {
      notes.set(id, nameOfQuestion(question), { value: objects, at: clock.now() })
      sinceForgotten += 1
      if (sinceForgotten < FORGET_EVERY) return
      sinceForgotten = 0
      onMany()
    },
  }
}
