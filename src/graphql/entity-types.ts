import type { EntityType } from '../generated/resolvers.ts'
import type { CollectionName } from '../model/rows.ts'

/** The collection whose objects are of that type; events are kept here. */
export const collectionOfType = {
  EMPLOYEE: 'employees',
  ACCOUNT: 'accounts',
  APP: 'apps',
  BROWSER: 'browsers',
  BROWSER_EXTENSION: 'browserExtensions',
  FINDING: 'findings',
  DETECTION: 'detections',
  EVENT: 'events',
} as const satisfies Readonly<Record<EntityType, CollectionName | 'events'>>
