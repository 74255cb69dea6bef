import { collections } from '../../model/collections.ts'
import { plainRow } from '../../model/plain-values.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'
import {
  type Collected,
  INFORMATIONAL,
  type Projection,
  readByRest,
} from '../fitting/projection.ts'
import { given, other } from '../fitting/values.ts'

/** An object that is not among Push's any more, as it was known last. */
export interface RemovedObject {
  readonly name: CollectionName
  readonly row: Rows[CollectionName]
  /** When that became known, in milliseconds. */
  readonly readAt: number
  readonly tenant?: string | undefined
}

/** The activity of the class that stands for it. */
const DELETE = 4
const SUCCESS = 1

/** An entity that was deleted; whoever did it is not known. */
export const removedObject: Projection<RemovedObject> = {
  className: 'entity_management',
  activity: () => DELETE,
  time: ({ readAt }) => readAt,
  metadata: (input, about) =>
    readByRest<'accounts'>(wordOf(input.name), { state: () => 'removed' })(
      input as Collected<'accounts'>,
      about,
    ),
  parts: {
    severity_id: () => INFORMATIONAL,
    status_id: () => SUCCESS,
    message: ({ name, row }) =>
      `Push Security does not know the ${collections[name].type} ${row.id} any more.`,
    entity: ({ name, row }) => ({
      type_id: other(collections[name].type),
      uid: row.id,
      name: nameOf(row),
      data: given(plainRow(name, row)),
    }),
  },
  unmapped: () => ({}),
}

/** Push's word for the object, such as BROWSER_EXTENSION. */
const wordOf = (name: CollectionName): string =>
  collections[name].webhook.object ?? collections[name].webhook.category

const nameOf = (row: Rows[CollectionName]): unknown =>
  ['email', 'friendlyName', 'name', 'type'].map(field => fieldOf(row, field)).find(isText)

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
