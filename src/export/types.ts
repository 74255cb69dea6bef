/** What can be exported, in the order in which it is where nothing else is asked for. */
import { collectionNames } from '../model/collections.ts'

export const exportTypes = collectionNames

export type ExportType = (typeof exportTypes)[number]
