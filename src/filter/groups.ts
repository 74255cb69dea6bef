/**
 * How many rows share the same values. A row with a list counts once for each distinct element; null stands for a
 * row without a value, with an empty list, or with a link that leads nowhere.
 */
import { BadInputError } from '../errors.ts'
import { andThen, type Maybe } from '../model/maybe.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Work } from '../work/work.ts'
import { withEmptyBuckets, type Key, type GroupTally } from './fill.ts'
import { firstOf } from './first-of.ts'
import { groupOrder, nameOfKeys, textOf, timeOfKeys } from './group-keys.ts'
import { isByTime, MAX_GROUPS, type Grouping } from './read-grouping.ts'
import { sorted } from './sorted.ts'
import { type GroupedRows, tallySteps } from './tally-rows.ts'

/** A number for each group, by its name; 0 for those that are not there. */
export type GroupNumbers = ReadonlyMap<Key, number>

/** What else there is to count in groups, of all of them at once. */
export interface GroupDetails {
  /** How many different values of that dimension each has. @throws {BadInputError} where the list has no such */
  distinct(of: string, among: GroupNames): Maybe<GroupNumbers>
  /** How many rows of each pass that filter. @throws {BadInputError} with the path of what cannot be asked */
  passing(where: unknown, among: GroupNames): Maybe<GroupNumbers>
}

/** The names of the groups that are answered, which are made once one is asked for: those alone have numbers. */
export class GroupNames {
  readonly #tallies: readonly GroupTally[]
  #names: Set<Key> | undefined

  constructor(tallies: readonly GroupTally[]) {
    this.#tallies = tallies
  }

  has(name: Key): boolean {
    this.#names ??= new Set(this.#tallies.map(({ keys }) => nameOfKeys(keys)))
    return this.#names.has(name)
  }
}

// A class, so that what is seldom asked of a group is in none of its fields.
export class Group {
  /** A value for each dimension, as text. */
  readonly keys: readonly (string | null)[]
  readonly count: number
  readonly #tally: GroupTally
  readonly #by: Grouping['by']
  readonly #details: GroupDetails | undefined
  readonly #among: GroupNames

  constructor(
    tally: GroupTally,
    by: Grouping['by'],
    among: GroupNames,
    details: GroupDetails | undefined,
  ) {
    this.keys = tally.keys.map((key, index) => textOf(key, by[index]))
    this.count = tally.count
    this.#tally = tally
    this.#by = by
    this.#details = details
    this.#among = among
  }

  /** When the first time bucket among the keys begins (UNIX seconds), else null. */
  get time(): number | null {
    return timeOfKeys(this.#by, this.#tally.keys)
  }

  /** How many different values of that dimension its rows have. */
  distinct(of: string): Maybe<number> {
    return andThen(this.#details?.distinct(of, this.#among), numbers => this.#of(numbers))
  }

  /** From 0 to 1: how many of its rows pass that filter. */
  share(where: unknown): Maybe<number> {
    return andThen(this.#details?.passing(where, this.#among), numbers =>
      this.count === 0 ? 0 : this.#of(numbers) / this.count,
    )
  }

  #of(numbers: GroupNumbers | undefined): number {
    return numbers?.get(nameOfKeys(this.#tally.keys)) ?? 0
  }
}

/** Those numbers by the names of their groups, of those that are answered. */
export const numbersOf = (
  tallies: readonly GroupTally[],
  among: GroupNames,
  work: Work,
): Maybe<GroupNumbers> => work.run(numberSteps(tallies, among, work))

function* numberSteps(
  tallies: readonly GroupTally[],
  among: GroupNames,
  work: Work,
): Generator<void, GroupNumbers> {
  const numbers = new Map<Key, number>()
  for (const { keys, count } of tallies) {
    if (!work.spend(NAME_NS)) yield
    const name = nameOfKeys(keys)
    if (!among.has(name)) continue
    numbers.set(name, (numbers.get(name) ?? 0) + count)
  }
  return numbers
}

/** About what it takes to name a group. */
const NAME_NS = 600

/**
 * The groups of all rows: in the order of time where their first key is a time bucket, then most first, then by their
 * keys (by code point, null last), unless the grouping says otherwise.
 *
 * @throws {BadInputError} when there are more than an answer can hold, and the caller did not ask for the first of them.
 */
export const groupRows = <Name extends CollectionName>(
  collection: Name,
  grouping: Grouping,
  parts: Iterable<GroupedRows<Name>>,
  work: Work,
  details?: GroupDetails,
): Maybe<readonly Group[]> =>
  work.hold(holding =>
    andThen(work.run(tallySteps(collection, grouping, parts, work, holding)), tallies =>
      finishGroups(grouping, tallies, work, details),
    ),
  )

/**
 * The groups that have been counted, with empty buckets where they are wanted, in their order, as texts.
 *
 * @throws {BadInputError} like {@link groupRows}
 */
export const finishGroups = (
  grouping: Grouping,
  tallies: readonly GroupTally[],
  work: Work,
  details?: GroupDetails,
): Maybe<readonly Group[]> =>
  grouping.fill
    ? andThen(work.run(withEmptyBuckets(grouping, tallies, work)), all =>
        inOrder(grouping, all, work, details),
      )
    : inOrder(grouping, tallies, work, details)

/** The first of those that are wanted, or all, in their order, as texts. */
const inOrder = (
  grouping: Grouping,
  counted: readonly GroupTally[],
  work: Work,
  details: GroupDetails | undefined,
): Maybe<readonly Group[]> => {
  const { by, having } = grouping
  const all = having === undefined ? counted : counted.filter(({ count }) => having(count))
  if (grouping.first === undefined && all.length > MAX_GROUPS)
    throw new BadInputError(
      `There are more than the ${MAX_GROUPS} groups that one answer gives: ask for the first of them with "first", for those of some size with "having", or for fewer with a filter or other dimensions`,
      'first',
    )
  const usual = isByTime(grouping) ? [{ by: 'TIME', direction: 'ASC' } as const] : []
  const order = grouping.order.length === 0 ? usual : grouping.order
  const compare = groupOrder({ by, order })
  const { first = all.length } = grouping
  const ordered =
    first < all.length ? firstOf(all, first, compare, work) : sorted(all, compare, work)
  return andThen(ordered, answered => work.run(textSteps(by, answered, work, details)))
}

/** About what it takes to write a key. */
const KEY_NS = 500

/** With their keys as texts; of groups that are not answered none are made. */
function* textSteps(
  by: Grouping['by'],
  tallies: readonly GroupTally[],
  work: Work,
  details: GroupDetails | undefined,
): Generator<void, readonly Group[]> {
  const groups: Group[] = []
  const among = new GroupNames(tallies)
  for (const tally of tallies) {
    if (!work.spend(KEY_NS * by.length)) yield
    groups.push(new Group(tally, by, among, details))
  }
  return groups
}
