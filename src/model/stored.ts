/**
 * The lists that are kept here and not at Push, as one table like that of `collections.ts`: the events, the objects that
 * Push tells of by webhook alone, and what changed.
 */
import { collections } from './collections.ts'
import type { Field, FieldKind } from './collection.ts'
import type { EnumName } from './enums.ts'
import type { EventRow } from './events.ts'
import type { ToOne } from './relations.ts'
import type { ChangeRow } from './row-changes.ts'
import type { CollectionName, Rows } from './rows.ts'

/** An account at an app that Push does not know as a work app. */
export interface OtherAccount {
  readonly id: string
  readonly employeeId: string | null
  readonly otherAppId: string | null
  readonly email: string | null
  // The members of Push's `loginMethods`, flat.
  readonly passwordLogin: boolean | null
  readonly oidcLogin: string | null
  readonly samlLogin: string | null
  readonly createdAt: number | null
  readonly lastUsedAt: number | null
}

/** An app that Push does not know as a work app: a domain, or an app at an identity provider. */
export interface OtherApp {
  readonly id: string
  readonly domain: string | null
  readonly oauthAppId: string | null
  readonly name: string | null
  readonly hidden: boolean | null
  readonly requestSupportStatus: string | null
  readonly createdAt: number | null
}

/** The row type of each stored list. */
export interface StoredRows {
  events: EventRow
  otherAccounts: OtherAccount
  otherApps: OtherApp
  changes: ChangeRow
}

export type StoredName = keyof StoredRows

/** Every list of the graph, and its row type. */
export type ListName = CollectionName | StoredName
export type ListRows = Rows & StoredRows

export interface StoredList<Name extends StoredName = StoredName> {
  readonly name: Name
  /** The GraphQL type of one element. */
  readonly type: string
  readonly fields: Readonly<Record<string, Field>>
  readonly links: readonly ToOne[]
}

const field = (
  kind: FieldKind,
  from: string,
  options: { readonly required?: boolean; readonly enum?: EnumName } = {},
): Field => ({ kind, from, required: false, shared: false, ...options })

const required = { required: true } as const

const link = (name: string, to: CollectionName): ToOne => ({ name, idField: `${name}Id`, to })

export const storedLists: { readonly [Name in StoredName]: StoredList<Name> } = {
  events: {
    name: 'events',
    type: 'Event',
    fields: {
      id: field('id', 'id', required),
      category: field('enum', 'category', { required: true, enum: 'EventCategory' }),
      object: field('string', 'object', required),
      type: field('enum', 'type', { enum: 'ChangeType' }),
      objectName: field('string', 'friendlyName'),
      description: field('string', 'description'),
      occurredAt: field('seconds', 'timestamp', required),
      receivedAt: field('seconds', 'receivedAt', required),
      entityId: field('id', 'entityId'),
      employeeId: field('id', 'employeeId'),
      accountId: field('id', 'accountId'),
      appId: field('id', 'appId'),
      email: field('string', 'email'),
      sourceIpAddress: field('string', 'sourceIpAddress'),
      url: field('string', 'url'),
    },
    links: [link('employee', 'employees'), link('account', 'accounts'), link('app', 'apps')],
  },
  otherAccounts: {
    name: 'otherAccounts',
    type: 'OtherAccount',
    fields: {
      id: field('id', 'id', required),
      employeeId: field('id', 'employeeId'),
      otherAppId: field('id', 'otherAppId'),
      email: field('string', 'email'),
      passwordLogin: field('boolean', 'loginMethods.passwordLogin'),
      oidcLogin: field('string', 'loginMethods.oidcLogin'),
      samlLogin: field('string', 'loginMethods.samlLogin'),
      createdAt: field('seconds', 'creationTimestamp'),
      lastUsedAt: field('seconds', 'lastUsedTimestamp'),
    },
    links: [link('employee', 'employees')],
  },
  otherApps: {
    name: 'otherApps',
    type: 'OtherApp',
    fields: {
      id: field('id', 'id', required),
      domain: field('string', 'domain'),
      // The documentation says `oauthAppId`; what is sent has `appId`.
      oauthAppId: field('id', 'oauthAppId'),
      name: field('string', 'name'),
      hidden: field('boolean', 'hidden'),
      requestSupportStatus: field('string', 'requestSupportStatus'),
      createdAt: field('seconds', 'creationTimestamp'),
    },
    links: [],
  },
  changes: {
    name: 'changes',
    type: 'Change',
    // Words of ours are compared as ids are: none of them is new to us.
    fields: {
      id: field('id', 'id', required),
      collection: field('id', 'collection', required),
      objectId: field('id', 'objectId', required),
      kind: field('id', 'kind', required),
      field: field('string', 'field'),
      at: field('seconds', 'at', required),
      learntFrom: field('id', 'learntFrom', required),
    },
    links: [],
  },
}

/** The fields of any list, by name. */
export const fieldsOf = (list: ListName): Readonly<Record<string, Field>> =>
  isStored(list) ? storedLists[list].fields : collections[list].fields

export const isStored = (list: ListName): list is StoredName => Object.hasOwn(storedLists, list)

export const storedNames = Object.keys(storedLists) as StoredName[]

/** Ways of an "or" that are taken one after the other, each by its index, at most; of more, all rows are looked at. */
export const MOST_WAYS = 64
