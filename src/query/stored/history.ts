/** Which events belong to the history of an object. */
import { and, type Filter, or } from '../../filter/filter.ts'
import type { BrowserExtension, CollectionName, Row } from '../../model/rows.ts'

/** The condition for the events about that object. */
export const historyOf = (collection: CollectionName, row: Row): Filter => {
  const { id } = row
  switch (collection) {
    case 'employees':
      return is('employeeId', id)
    case 'accounts':
      return is('accountId', id)
    case 'apps':
      return is('appId', id)
    case 'browsers':
      return is('browserId', id)
    case 'findings':
      return and([is('object', 'FINDING'), is('entityId', id)])
    case 'detections':
      return and([is('category', 'DETECTION'), is('entityId', id)])
    case 'browserExtensions': {
      // Webhooks name an extension by its id in the browser's store, and whose it is.
      const { extensionId, employeeId } = row as BrowserExtension
      const whose = employeeId === null ? [] : [is('employeeId', employeeId)]
      const named = or([is('entityId', id), and([is('entityId', extensionId), ...whose])])
      return and([is('object', 'BROWSER_EXTENSION'), named])
    }
    default:
      return collection satisfies never
  }
}

const is = (field: string, value: string): Filter => ({ kind: 'compare', field, op: 'eq', value })
