/** What can be exported, in the order in which it is where nothing else is asked for. */
import { collectionNames } from '../model/collections.ts'
import { storedNames } from '../model/stored.ts'

export const exportTypes = [...collectionNames, ...storedNames] as const

export type ExportType = (typeof exportTypes)[number]
