import { appName } from '../../model/rows.ts'
import {
  type Collected,
  COLLECT,
  INFORMATIONAL,
  type Projection,
  READ,
  readByRest,
  toldByWebhooks,
} from '../fitting/projection.ts'
import { given, ms, type OcsfObject } from '../fitting/values.ts'

type App = Collected<'apps'>

export const APPLICATION = 'SaaS Application'

/** An app is a resource in the cloud. */
export const app: Projection<App> = {
  className: 'cloud_resources_inventory_info',
  activity: () => COLLECT,
  time: ({ readAt }) => readAt,
  metadata: readByRest('APP'),
  parts: {
    severity_id: () => INFORMATIONAL,
    message: ({ row }) => `Push Security knows the app ${appName(row)}.`,
    resources: ({ row }) => [
      {
        uid: row.id,
        name: appName(row),
        type: APPLICATION,
        hostname: hostOf(row.website),
        criticality: row.sensitivityLevel,
        labels: row.labels,
        owner: row.ownerId === null ? undefined : { uid: row.ownerId, type_id: 1 },
        created_time: ms(row.createdAt),
        data: given({ ...dataOf(row), website: row.website }),
      },
    ],
  },
  unmapped: () => ({}),
}

/** Before cloud resources had an inventory of their own, an app is a web resource that was read. */
export const appAsWebResource: Projection<App> = {
  ...app,
  className: 'web_resources_activity',
  activity: () => READ,
  parts: {
    severity_id: () => INFORMATIONAL,
    message: app.parts['message'] ?? (() => undefined),
    web_resources: ({ row }) => [
      {
        uid: row.id,
        name: appName(row),
        type: APPLICATION,
        url_string: row.website,
        labels: row.labels,
        data: given({
          ...dataOf(row),
          criticality: row.sensitivityLevel,
          ownerId: row.ownerId,
          createdTime: ms(row.createdAt),
        }),
      },
    ],
  },
}

const dataOf = (row: App['row']): OcsfObject => ({
  type: row.type,
  approvalStatus: row.approvalStatus,
  notes: row.notes,
  description: row.description,
})

/** The host of a web address; undefined where it is none. */
export const hostOf = (address: string | null): string | undefined => {
  if (address === null) return undefined
  return URL.parse(address)?.hostname || undefined
}

type OtherApp = Collected<'otherApps'>

/** An app that is no work app, of which only webhooks tell. */
export const otherApp: Projection<OtherApp> = {
  className: 'cloud_resources_inventory_info',
  activity: () => COLLECT,
  time: ({ readAt }) => readAt,
  metadata: toldByWebhooks('APP_OTHER'),
  parts: {
    severity_id: () => INFORMATIONAL,
    message: ({ row }) => `Push Security knows the app ${row.name ?? row.domain ?? row.id}.`,
    resources: ({ row }) => [
      {
        uid: row.id,
        uid_alt: row.oauthAppId,
        name: row.name ?? row.domain,
        type: APPLICATION,
        hostname: row.domain,
        created_time: ms(row.createdAt),
        data: given(otherData(row)),
      },
    ],
  },
  unmapped: () => ({}),
}

export const otherAppAsWebResource: Projection<OtherApp> = {
  ...otherApp,
  className: 'web_resources_activity',
  activity: () => READ,
  parts: {
    severity_id: () => INFORMATIONAL,
    message: otherApp.parts['message'] ?? (() => undefined),
    web_resources: ({ row }) => [
      {
        uid: row.id,
        name: row.name ?? row.domain,
        type: APPLICATION,
        url_string: row.domain === null ? undefined : `https://${row.domain}/`,
        data: given({ ...otherData(row), uidAlt: row.oauthAppId, createdTime: ms(row.createdAt) }),
      },
    ],
  },
}

const otherData = (row: OtherApp['row']): OcsfObject => ({
  hidden: row.hidden,
  requestSupportStatus: row.requestSupportStatus,
})
