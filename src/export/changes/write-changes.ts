/**
 * One round of an export of changes: what was stored since the last one, of all connectors in the order in which it was
 * stored, a batch at a time, each noted once its lines are kept.
 */
import type { StoredChange } from '../../model/row-changes.ts'
import type { CollectionName } from '../../model/rows.ts'
import { changesWithin } from '../../query/stored/changes.ts'
import type { StoredSource } from '../../query/stored/list.ts'
import type { GivenPlace, StoredOrder } from '../../query/stored/resume.ts'
import { checkPlace, firstPlace, nothingGone, placeBehind } from '../stored-place.ts'
import { readChangeLine, toPlainChange } from './change-line.ts'
import type { LineSink, OpenSink } from './line-file.ts'
import type { ChangesProgress, ProgressKeeper } from './progress-file.ts'
import { furthestBehind } from '../../query/stored/furthest-behind.ts'

/** Where stored changes are read. */
export type ChangeLists = Pick<
  StoredSource,
  'identity' | 'page' | 'newestChange' | 'changeBefore' | 'changeStanding'
>

export interface ChangesRound {
  readonly connectors: readonly string[]
  /** Of whose objects changes are written; of all lists where absent. */
  readonly collections: readonly CollectionName[] | undefined
  readonly lists: ChangeLists
  readonly keeper: ProgressKeeper
  readonly open: OpenSink
  /** UNIX seconds: where a connector begins that has no place yet; at the first change that is stored where absent. */
  readonly since: number | undefined
  /** Aborting ends the round between two batches. */
  readonly signal: AbortSignal
}

/** Changes between two notes: so many lines are found again after a process was killed. */
const BATCH = 500

/**
 * Writes what is new, and returns how many lines that were.
 *
 * @throws {PlaceLostError} before a line is left out, {ProgressUnreadableError}, {GatewayError} where the changes cannot
 *   be read, or what kept the lines from being written; the next round goes on behind what is written by then
 */
export const writeNewChanges = async (round: ChangesRound): Promise<number> => {
  const kept = await round.keeper.read()
  const places = await placesOf(round, kept)
  const newest = await placeBehind(orderOf(round.lists), await round.lists.newestChange())
  // Of connectors that are not asked for this time.
  const others = new Map(kept?.places)
  let found = false
  const takes = (line: string): boolean => {
    const told = readChangeLine(line)
    if (told === undefined) return false
    const among = places.has(told.connector) ? places : others
    const before = among.get(told.connector)
    if (told.place.store !== before?.store || told.place.sequence <= before.sequence) return false
    among.set(told.connector, told.place)
    found = true
    return true
  }
  const sink = await round.open(kept?.file, takes)
  try {
    const note = (): Promise<void> =>
      round.keeper.write({ places: new Map([...others, ...places]), file: sink.stand })
    if (found || !isKept(kept, places, sink)) await note()
    return await writeUpTo(round, newest, places, sink, note)
  } finally {
    await sink.close()
  }
}

const isKept = (
  kept: ChangesProgress | undefined,
  places: ReadonlyMap<string, GivenPlace>,
  { stand }: LineSink,
): boolean =>
  kept !== undefined &&
  kept.file?.inode === stand?.inode &&
  kept.file?.bytes === stand?.bytes &&
  [...places.keys()].every(connector => kept.places.has(connector))

/** Moves the places on to the newest, those that are furthest behind first. */
const writeUpTo = async (
  { collections, lists, signal }: ChangesRound,
  newest: GivenPlace,
  places: Map<string, GivenPlace>,
  sink: LineSink,
  note: () => Promise<void>,
): Promise<number> => {
  let lines = 0
  for (let step = nextStep(places, newest); step && !signal.aborted;) {
    const { connectors, from, until } = step
    const found = await lists.page({
      list: 'changes',
      parts: [{ connectors, filter: changesWithin({ collections }) }],
      ordering: 'arrival',
      from: { keys: [], sequence: from.sequence },
      until: { keys: [], sequence: until.sequence + 1 },
      backward: false,
      limit: BATCH,
    })
    await nothingGone(orderOf(lists), from.sequence, connectors)
    const changes = found.map(({ row }) => row as StoredChange)
    const text = changes.map(of => `${JSON.stringify(toPlainChange(of, lists.identity))}\n`)
    if (text.length > 0) await sink.append(text.join(''))
    const last = changes.at(-1)
    const reached =
      last === undefined || changes.length < BATCH ? until : { ...last, store: lists.identity }
    for (const connector of connectors) places.set(connector, reached)
    await note()
    lines += changes.length
    step = nextStep(places, newest)
  }
  return lines
}

/** What is read next, with the places of both ends; undefined where all have reached the newest. */
const nextStep = (places: ReadonlyMap<string, GivenPlace>, newest: GivenPlace) => {
  const next = furthestBehind(
    [...places].map(([connector, { sequence }]) => [connector, sequence]),
    newest.sequence,
  )
  if (next === undefined) return undefined
  const placeAt = (at: number): GivenPlace =>
    [...places.values()].find(({ sequence }) => sequence === at) ?? newest
  return { connectors: next.connectors, from: placeAt(next.from), until: placeAt(next.until) }
}

/** Where each connector goes on. @throws {PlaceLostError} */
const placesOf = async (
  { connectors, lists, since }: ChangesRound,
  kept: ChangesProgress | undefined,
): Promise<Map<string, GivenPlace>> => {
  const places = new Map<string, GivenPlace>()
  const checked = new Set<string>()
  let first: GivenPlace | undefined
  for (const connector of connectors) {
    const place = kept?.places.get(connector)
    if (place !== undefined && !checked.has(`${place.store} ${place.sequence}`)) {
      const its = connectors.filter(of => kept?.places.get(of)?.sequence === place.sequence)
      await checkPlace(orderOf(lists), place, its)
      checked.add(`${place.store} ${place.sequence}`)
    }
    places.set(connector, place ?? (first ??= await beginning(lists, since)))
  }
  return places
}

/** Before the first change that is stored, or that became known at that moment or later. */
const beginning = async (lists: ChangeLists, since: number | undefined): Promise<GivenPlace> =>
  firstPlace(orderOf(lists), since === undefined ? 0 : await lists.changeBefore(since))

const orderOf = ({ identity, changeStanding }: ChangeLists): StoredOrder => ({
  what: 'change',
  identity,
  standing: changeStanding,
})
