/** What a timeline is made of: its kinds, the moments of rows that some of them are, and the rows that stand around an object. */
import { collectionNames } from '../../model/collections.ts'
import { relations, type ToMany } from '../../model/relations.ts'
import type { CollectionName } from '../../model/rows.ts'

/** A time that rows of a collection have. */
export interface RowMoment {
  readonly collection: CollectionName
  readonly field: string
  /** `came`: since when Push has the object. `use`: when it was last used. */
  readonly what: 'came' | 'use'
}

export const rowMoments = {
  DETECTION: { collection: 'detections', field: 'createdAt', what: 'came' },
  FINDING: { collection: 'findings', field: 'createdAt', what: 'came' },
  ACCOUNT_FIRST_SEEN: { collection: 'accounts', field: 'createdAt', what: 'came' },
  ACCOUNT_LAST_USED: { collection: 'accounts', field: 'lastUsedAt', what: 'use' },
  BROWSER_FIRST_ONLINE: { collection: 'browsers', field: 'createdAt', what: 'came' },
  BROWSER_LAST_ONLINE: { collection: 'browsers', field: 'lastOnlineAt', what: 'use' },
  EMPLOYEE_FIRST_SEEN: { collection: 'employees', field: 'createdAt', what: 'came' },
  APP_FIRST_SEEN: { collection: 'apps', field: 'createdAt', what: 'came' },
} as const satisfies Readonly<Record<string, RowMoment>>

export type RowMomentKind = keyof typeof rowMoments
export const rowMomentKinds = Object.keys(rowMoments) as RowMomentKind[]

/** The kinds in the order in which they stand at the same moment. Cursors hold the place of a kind here: new ones come last. */
export const timelineKinds = ['EVENT', 'CHANGE', 'DETECTION_EVENT', ...rowMomentKinds] as const
export type TimelineKindName = (typeof timelineKinds)[number]

/** What a timeline is asked for; all kinds where none are named. */
export const kindsAsked = (
  kinds: readonly TimelineKindName[] | null | undefined,
): ReadonlySet<TimelineKindName> => new Set(kinds ?? timelineKinds)

const storedKinds: ReadonlySet<TimelineKindName> = new Set(['EVENT', 'CHANGE'])

/** What of that a caller is given who may not see what is stored here. */
export const kindsOfRows = (
  kinds: readonly TimelineKindName[] | null | undefined,
): ReadonlySet<TimelineKindName> => kindsAsked(kinds).difference(storedKinds)

/** The collections whose rows have something of these kinds: any row may have changed. */
export const collectionsWith = (
  kinds: ReadonlySet<TimelineKindName>,
): ReadonlySet<CollectionName> =>
  new Set(
    kinds.has('CHANGE')
      ? collectionNames
      : [
          ...rowMomentKinds
            .filter(kind => kinds.has(kind))
            .map(kind => rowMoments[kind].collection),
          ...(kinds.has('DETECTION_EVENT') ? ['detections' as const] : []),
        ],
  )

/** Rows that stand around an object. */
export interface Surrounding {
  readonly relation: ToMany
  /** Those detections alone of which an event names the object. */
  readonly isNamed: boolean
}

const named: Readonly<Partial<Record<CollectionName, readonly string[]>>> = {
  employees: ['accounts', 'browsers', 'browserExtensions', 'findings', 'detections'],
  accounts: ['findings'],
  apps: ['accounts', 'findings'],
  browsers: ['browserExtensions', 'detections'],
}

/** Push links a detection to no account; its events name one, and they are of the account's employee. */
const ofAccount: Surrounding = {
  relation: {
    name: 'detections',
    to: 'detections',
    foreignField: 'employeeId',
    ownField: 'employeeId',
    exceptSelf: false,
  },
  isNamed: true,
}

/** What is read around an object of that collection for what is asked for. */
export const listsAround = (
  collection: CollectionName,
  kinds: ReadonlySet<TimelineKindName>,
): readonly Surrounding[] => {
  const wanted = collectionsWith(kinds)
  const linked = relations[collection].toMany
    .filter(({ name }) => named[collection]?.includes(name) === true)
    .map(relation => ({ relation, isNamed: false }))
  const all = collection === 'accounts' ? [...linked, ofAccount] : linked
  return all.filter(({ relation }) => wanted.has(relation.to))
}

/** How many rows of each collection are looked at for one object of that collection, the object itself apart, and for how many times of each. */
export const timesAround = (
  collection: CollectionName,
  kinds: ReadonlySet<TimelineKindName>,
): readonly { readonly of: CollectionName; readonly times: number }[] =>
  listsAround(collection, kinds).map(({ relation: { to } }) => ({
    of: to,
    times: rowMomentKinds.filter(kind => kinds.has(kind) && rowMoments[kind].collection === to)
      .length,
  }))

/** Whether the events of those detections are to be known. */
export const needsDetectionEvents = (
  kinds: ReadonlySet<TimelineKindName>,
  { isNamed }: Pick<Surrounding, 'isNamed'>,
): boolean => isNamed || kinds.has('DETECTION_EVENT')

/** Whether something is asked for that is stored here. */
export const asksForStored = (kinds: readonly TimelineKindName[] | null | undefined): boolean =>
  !kindsAsked(kinds).isDisjointFrom(storedKinds)
