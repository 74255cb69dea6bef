import type { EntityType } from '../generated/resolvers.ts'
import type { CollectionName } from '../model/rows.ts'

/** The collection whose objects are of that type. */
export const collectionOfType: Readonly<Record<EntityType, CollectionName>> = {
  EMPLOYEE: 'employees',
  ACCOUNT: 'accounts',
  APP: 'apps',
  BROWSER: 'browsers',
  BROWSER_EXTENSION: 'browserExtensions',
  FINDING: 'findings',
  DETECTION: 'detections',
}
