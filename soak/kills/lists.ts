/** What is asked of each list, and the same said once more of its objects as Push has them. */
import type { PushRows } from '../../src/demo/stand-in.ts'
import { collectionNames } from '../../src/model/collections.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import type { PushRow } from './truth.ts'

interface Shown<Row> {
  /** Fields of the graph, and what they are of such an object. */
  readonly fields: Readonly<Record<string, (row: Row) => unknown>>
  /** A filter, and whether such an object passes it. */
  readonly filter: string
  readonly passes: (row: Row) => boolean
}

const time = (seconds: number | null | undefined): string | null =>
  seconds === null || seconds === undefined
    ? null
    : new Date(seconds * 1_000).toISOString().replace('.000', '')

const lists: { readonly [Name in CollectionName]: Shown<PushRows[Name]> } = {
  employees: {
    fields: {
      department: row => row.department,
      location: row => row.location,
      licensed: row => row.licensed,
      groups: row => row.groups ?? null,
    },
    filter: '{ licensed: { eq: true } }',
    passes: row => row.licensed,
  },
  accounts: {
    fields: {
      mfaRegistered: row => row.mfaRegistered,
      passwordId: row => row.passwordId,
      lastUsedAt: row => time(row.lastUsedTimestamp),
    },
    filter: '{ mfaRegistered: { eq: false } }',
    passes: row => row.mfaRegistered === false,
  },
  apps: {
    fields: {
      approvalStatusRaw: row => row.approvalStatus,
      sensitivityLevelRaw: row => row.sensitivityLevel,
      ownerId: row => row.ownerId,
      notes: row => row.notes,
    },
    filter: '{ approvalStatus: { eq: APPROVED } }',
    passes: row => row.approvalStatus === 'APPROVED',
  },
  browsers: {
    fields: {
      isActive: row => row.isActive,
      extensionVersion: row => row.extensionVersion,
      lastOnlineAt: row => time(row.lastOnlineTimestamp),
    },
    filter: '{ isActive: { eq: true } }',
    passes: row => row.isActive,
  },
  browserExtensions: {
    fields: { enabled: row => row.enabled ?? null, permissions: row => row.permissions ?? null },
    filter: '{ enabled: { eq: true } }',
    passes: row => row.enabled === true,
  },
  findings: {
    fields: { typeRaw: row => row.type, stateRaw: row => row.state },
    filter: '{ state: { eq: OPEN } }',
    passes: row => row.state === 'OPEN',
  },
  detections: {
    fields: {
      archived: row => row.archived,
      classification: row => row.classification,
      lastActivityAt: row => time(row.lastActivityTimestamp),
    },
    filter: '{ archived: { eq: false } }',
    passes: row => !row.archived,
  },
}

export interface ShownList {
  readonly name: CollectionName
  /** The field of the query that gives one of it. */
  readonly one: string
  /** The fields that are asked for, with the id. */
  readonly selection: string
  readonly filter: string
  readonly passes: (row: PushRow) => boolean
  /** What these fields are of an object, as one text. */
  readonly tell: (row: PushRow) => string
  /** The same of a node of an answer. */
  readonly told: (node: Readonly<Record<string, unknown>>) => string
}

export const shownLists: readonly ShownList[] = collectionNames.map(name => {
  const { fields, filter, passes } = lists[name] as unknown as Shown<PushRow>
  return {
    name,
    one: name.slice(0, -1),
    selection: ['id', ...Object.keys(fields)].join(' '),
    filter,
    passes,
    tell: row => JSON.stringify(Object.values(fields).map(of => of(row))),
    told: node => JSON.stringify(Object.keys(fields).map(field => node[field])),
  }
})
