/** Events, each by its kind, and the objects that are known by events alone. */
import type { Context } from '../context.ts'
import type { EventParent } from '../parents.ts'
import { alreadyRedacted, withRedacted } from '../personal/guard.ts'
import { redactedChanges } from '../personal/redacted-rows.ts'
import type {
  EventOcsfArgs,
  QueryResolvers,
  Resolvers,
  ResolversParentTypes,
} from '../../generated/resolvers.ts'
import { type Loaders, placeCursor } from '../../loaders/loaders.ts'
import { changesTold } from '../../model/changes.ts'
import { type EnumName, recognize } from '../../model/enums.ts'
import { collectionOfEvent, eventTypeOf, type Members, objectIn } from '../../model/events.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'
import { withoutPersons } from '../../model/personal.ts'
import { aliasOf } from '../../loaders/loaders.ts'
import type { CollectionName } from '../../model/rows.ts'
import { type StoredName, storedLists } from '../../model/stored.ts'
import { fieldOf, isUnixTime } from '../../model/values.ts'
import { defaultVersion, type OcsfVersion } from '../../ocsf/ocsf.ts'
import { type Asking, toEventOfWebhook } from './ocsf-objects.ts'
import { withPath } from './path.ts'
import { ocsfField } from './ocsf.ts'
import { flagIn, memberOf, modeIn, newOf, noticeOf, textIn, textsIn } from './event-members.ts'

/** One resolver for each of the names. */
const each = <Name extends string, Resolve>(
  names: readonly Name[],
  resolverOf: (name: Name) => Resolve,
): Readonly<Record<Name, Resolve>> =>
  Object.fromEntries(names.map(name => [name, resolverOf(name)])) as Record<Name, Resolve>

type Loading = Pick<Context, 'loaders'>

interface Linked<Field extends string> {
  readonly connector: string
  readonly row: Readonly<Record<Field, string | null>>
}

/** The object of the same connector whose id stands in that field of the row. */
const link =
  <Name extends CollectionName, Field extends string>(name: Name, field: Field) =>
  ({ connector, row }: Linked<Field>, _args: unknown, { loaders }: Loading) =>
    loaders.row(connector, name, row[field])

const connected = {
  connectorAlias: ({ connector }: { readonly connector: string }) => aliasOf(connector),
  connector: (
    { connector }: { readonly connector: string },
    _args: unknown,
    { loaders }: Loading,
  ) => loaders.connector(aliasOf(connector)),
}

/** What every event has. */
const common = {
  ...connected,
  id: ({ row }: EventParent) => row.id,
  cursor: ({ row }: EventParent, _args: unknown, { loaders }: Loading) =>
    placeCursor('events', loaders.given(row)),
  category: ({ row }: EventParent) => recognize('EventCategory', row.category) as never,
  categoryRaw: ({ row }: EventParent) => row.category,
  object: ({ row }: EventParent) => row.object,
  objectName: ({ row }: EventParent) => row.objectName,
  description: ({ row }: EventParent) => row.description,
  type: ({ row }: EventParent) => word('ChangeType', row.type),
  typeRaw: ({ row }: EventParent) => row.type,
  occurredAt: ({ row }: EventParent) => row.occurredAt,
  receivedAt: ({ row }: EventParent) => row.receivedAt,
  inferred: ({ row }: EventParent) => [...row.inferred],
  entityId: ({ row }: EventParent) => row.entityId,
  employeeId: ({ row }: EventParent) => row.employeeId,
  employee: link('employees', 'employeeId'),
  accountId: ({ row }: EventParent) => row.accountId,
  account: link('accounts', 'accountId'),
  appId: ({ row }: EventParent) => row.appId,
  app: (
    { connector, row: { appId, appType } }: EventParent,
    _args: unknown,
    { loaders }: Loading,
  ) =>
    appId === null && appType !== null
      ? loaders.appOfType(connector, appType)
      : loaders.row(connector, 'apps', appId),
  email: ({ row }: EventParent) => row.email,
  sourceIpAddress: ({ row }: EventParent) => row.sourceIpAddress,
  url: ({ row }: EventParent) => row.url,
  payload: withRedacted(
    ({ payload }: EventParent): Members => payload(),
    ({ payload }) => withoutPersons(payload()),
  ),
  ocsf: (event: EventParent, { version, rawData }: Partial<EventOcsfArgs>, asking: Asking) =>
    // In resolvers a version goes by its own name.
    toEventOfWebhook(event, (version ?? defaultVersion) as OcsfVersion, asking, rawData === true),
}

/** A member of the body, as Push sent it. */
const sent = (name: string) =>
  withRedacted(
    ({ payload }: EventParent): unknown => memberOf(payload(), name),
    ({ payload }) => memberOf(withoutPersons(payload()), name),
  )

const change = {
  new: sent('new'),
  old: sent('old'),
  changes: withRedacted(
    ({ row, payload }: EventParent) => [
      ...changesTold(row.type, objectIn(payload(), 'old'), objectIn(payload(), 'new')),
    ],
    ({ row, payload }) => [...redactedChanges(row.type, payload())],
  ),
}

/** A member of what is reported, where it is a text; the same for flags and for words of an enumeration. */
const text =
  (name: string) =>
  (event: EventParent): string | null =>
    textIn(newOf(event), name)

const flag =
  (name: string) =>
  (event: EventParent): boolean | null =>
    flagIn(newOf(event), name)

const enumeration = (name: EnumName, member: string) => (event: EventParent) =>
  word(name, textIn(newOf(event), member))

const ownText = (name: string) => (members: Members) => textIn(members, name)

/** The schema checks that it is one of the enumeration's words. */
const word = (name: EnumName, sent: string | null): never =>
  (sent === null ? null : recognize(name, sent)) as never

/** Where a login or a control happened. */
const where = {
  browser: enumeration('BrowserName', 'browser'),
  browserRaw: text('browser'),
  os: enumeration('OperatingSystem', 'os'),
  osRaw: text('os'),
  userAgent: text('userAgent'),
}

const asEntity = (
  event: EventParent,
  loaders: Loaders,
): Maybe<ResolversParentTypes['Entity'] | null> => {
  const collection = collectionOfEvent(event.row)
  if (collection === undefined) return null
  return andThen(loaders.row(event.connector, collection, event.row.entityId), found =>
    // Whoever asks an object of unknown type for its type tells it by its collection.
    found === null ? null : ({ ...found, collection } as unknown as ResolversParentTypes['Entity']),
  )
}

/** What stands in the row itself; members of an object of their own are not among them. */
const storedRow = (name: Exclude<StoredName, 'events'>) => {
  const { fields } = storedLists[name]
  return each(
    Object.keys(fields).filter(field => fields[field]?.from.includes('.') === false),
    field =>
      ({ row }: { readonly row: object }) =>
        fieldOf(row, field),
  )
}

const list =
  (name: StoredName): NonNullable<QueryResolvers['events']> =>
  (_root, { connectors, ...terms }, context, info) =>
    context.loaders.stored(connectors, name, withPath(terms, context, info))

export const events = {
  Query: {
    events: list('events'),
    otherAccounts: list('otherAccounts') as NonNullable<QueryResolvers['otherAccounts']>,
    otherApps: list('otherApps') as NonNullable<QueryResolvers['otherApps']>,
  },
  // The event stands in the root value: subscriptions bring it there.
  Subscription: {
    events: {
      subscribe: () => {
        throw new Error('Subscriptions have a way of their own')
      },
      resolve: (root: unknown) => (root as { readonly events: EventParent }).events,
    },
  },
  Event: { __resolveType: ({ row }) => eventTypeOf(row) },
  EntityEvent: {
    ...common,
    ...change,
    entity: (event, _args, { loaders }) => asEntity(event, loaders),
  },
  DetectionChangeEvent: {
    ...common,
    ...change,
    detection: link('detections', 'entityId'),
  },
  EventChange: {
    old: alreadyRedacted(({ old }: { readonly old?: unknown }) => old),
    new: alreadyRedacted(({ new: now }: { readonly new?: unknown }) => now),
  },
  LoginEvent: {
    ...common,
    ...where,
    loginAt: event => {
      const at = memberOf(newOf(event), 'loginTimestamp')
      return isUnixTime(at) ? at : null
    },
    ...each(['loginType', 'identityProvider', 'appType', 'passwordId', 'passwordManager'], text),
    ...each(['workApp', 'passwordManuallyTyped', 'weakPassword', 'leakedPassword'], flag),
    weakPasswordReasons: event =>
      textsIn(newOf(event), 'weakPasswordReasons')?.map(reason =>
        word('WeakPasswordReason', reason),
      ) ?? null,
    weakPasswordReasonsRaw: event => textsIn(newOf(event), 'weakPasswordReasons'),
  },
  ControlEvent: {
    ...common,
    ...where,
    mode: event => word('ControlMode', modeIn(newOf(event), noticeOf(event))),
    modeRaw: event => modeIn(newOf(event), noticeOf(event)),
    ...each(['action', 'reason', 'appType', 'indicator'], text),
    ...each(['referrerUrl', 'clonedLoginPageType'], text),
    clonedLoginPageUrls: event => textsIn(newOf(event), 'clonedLoginPageUrls'),
    notice: noticeOf,
    new: sent('new'),
  },
  ControlNotice: {
    ...each(['title', 'subtext', 'buttonText'], ownText),
    mode: notice => word('ControlMode', textIn(notice, 'mode')),
    modeRaw: notice => textIn(notice, 'mode'),
    allowReasonSubmission: notice => flagIn(notice, 'allowReasonSubmission'),
  },
  AuditEvent: {
    ...common,
    actor: ({ payload }) => objectIn(payload(), 'actor') ?? null,
    new: sent('new'),
  },
  EventActor: each(
    ['source', 'email', 'role', 'apiKeyName', 'apiKeyCreatedBy', 'sourceIpAddress', 'userAgent'],
    ownText,
  ),
  OtherEvent: {
    ...common,
    new: sent('new'),
    old: sent('old'),
  },
  OtherAccount: {
    ...storedRow('otherAccounts'),
    ...connected,
    employee: link('employees', 'employeeId'),
    otherApp: ({ connector, row }, _args, { loaders }) =>
      loaders.otherApp(connector, row.otherAppId),
    loginMethods: account => account,
    ocsf: ocsfField('otherAccounts') as never,
  },
  OtherLoginMethods: {
    passwordLogin: ({ row }) => row.passwordLogin,
    oidcLogin: ({ row }) => row.oidcLogin,
    samlLogin: ({ row }) => row.samlLogin,
  },
  OtherApp: { ...storedRow('otherApps'), ...connected, ocsf: ocsfField('otherApps') as never },
} satisfies Resolvers
