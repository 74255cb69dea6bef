/**
 * Many reads of one kind from one collection, each named by a key: an id, or the parent that rows name. What the store
 * knows is served, the rest is asked of Push one by one, or read by a scan where that is cheaper or the only choice.
 */
import { toError } from '../../errors.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Call, ConnectorStore } from '../../store/store.ts'
import type { PointReads } from '../operation/observations.ts'
import type { Operation } from '../operation/operation.ts'
import type { Freshness } from './freshness.ts'
import type { Scanning } from './scan-for-operation.ts'

/** What the readers of one operation on one connector share. */
export interface Reading {
  readonly store: ConnectorStore
  readonly operation: Operation
  readonly freshness: Freshness
  readonly scanning: Scanning
}

/** How Push is asked for one key at a time. */
export interface SingleRead<Answer> {
  readonly collection: CollectionName
  /** `unavailable`: Push turns out not to answer such reads. */
  ask(key: string, call: Call): Promise<Answer | 'unavailable'>
  /** What the store has, however old; the error where it has nothing to say. */
  stale(key: string, error: unknown): Answer | Error
}

export interface KeyedRead<Answer> extends SingleRead<Answer> {
  /** The name under which these reads are counted. */
  readonly what: PointReads
  /** Push is known not to answer such reads. */
  readonly isRefused: boolean
  /** The answer if the store can give it now. */
  known(key: string): Answer | undefined
  /** Whether the newest scan could not bring that answer, so that another one is no way to it. */
  escapesScan(key: string): boolean
  /** Called before the collection is scanned. */
  byScan(): ScanAnswers<Answer>
}

export interface ScanAnswers<Answer> {
  /** Whether the scan has brought that answer, though it goes on or has failed. */
  has(key: string): boolean
  serve(key: string): Answer
}

/** The answers in the order of their keys; an error where one cannot be known. */
export const readEach = async <Answer>(
  read: KeyedRead<Answer>,
  keys: readonly string[],
  reading: Reading,
): Promise<(Answer | Error)[]> => {
  const { store, operation, scanning } = reading
  const answers = new Map<string, Answer | Error>()
  const missing: string[] = []
  for (const key of new Set(keys)) {
    const known = read.known(key)
    if (known === undefined) missing.push(key)
    else answers.set(key, known)
  }
  if (missing.length > 0) {
    operation.observations.observedReads(store.alias, read.what, missing.length)
    const escaped = new Set(missing.filter(key => read.escapesScan(key)))
    const others = missing.filter(key => !escaped.has(key))
    const scans =
      others.length > 0 && (read.isRefused || scanning.isBetter(read.collection, others.length))
    const toScan = scans ? others : []
    const single = scans ? [...escaped] : missing
    if (!read.isRefused)
      for (const [key, answer] of await readSingly(read, single, reading))
        if (answer !== 'unavailable') answers.set(key, answer)
        else if (!escaped.has(key)) toScan.push(key)
    if (toScan.length > 0) await readByScan(read, toScan, reading, answers)
    for (const key of escaped) if (!answers.has(key)) answers.set(key, read.byScan().serve(key))
  }
  // Every key has its answer by now.
  return keys.map(key => answers.get(key) as Answer | Error)
}

/**
 * The answers to those keys, asked side by side, though no more of them are begun in one turn than fit it; all of them
 * stale or an error where the budget has no room.
 */
export const readSingly = async <Answer>(
  read: SingleRead<Answer>,
  keys: readonly string[],
  { operation, scanning }: Pick<Reading, 'operation' | 'scanning'>,
): Promise<(readonly [string, Answer | Error | 'unavailable'])[]> => {
  try {
    const { call, release } = scanning.reserve(read.collection, keys.length)
    const answers = keys.map(async key => {
      try {
        return [key, await operation.work.inTurn(() => read.ask(key, call))] as const
      } catch (error) {
        return [key, read.stale(key, error)] as const
      }
    })
    return await Promise.all(answers).finally(release)
  } catch (error) {
    return keys.map(key => [key, read.stale(key, error)])
  }
}

/**
 * Enters the answers that a scan brings, which somebody needs anyway or which is cheaper; what it turns out not to bring
 * is asked for one by one.
 */
const readByScan = async <Answer>(
  read: KeyedRead<Answer>,
  keys: readonly string[],
  reading: Reading,
  answers: Map<string, Answer | Error>,
): Promise<void> => {
  const { operation, scanning } = reading
  const scan = read.byScan()
  let failure: Error | undefined
  try {
    await scanning.finish(read.collection, () => keys.every(key => scan.has(key)))
  } catch (error) {
    failure = toError(error)
  }
  // Whoever waited for the scan goes on at the same moment.
  if (operation.work.isOver()) await operation.work.next()
  const escaped = new Set(
    read.isRefused || failure !== undefined ? [] : keys.filter(key => read.escapesScan(key)),
  )
  const singly = escaped.size === 0 ? [] : await readSingly(read, [...escaped], reading)
  for (const [key, answer] of singly)
    answers.set(key, answer === 'unavailable' ? scan.serve(key) : answer)
  for (const key of keys)
    if (!escaped.has(key))
      answers.set(
        key,
        failure === undefined || scan.has(key) ? scan.serve(key) : read.stale(key, failure),
      )
}
