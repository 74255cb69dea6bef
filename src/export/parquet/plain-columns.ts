/** The columns of objects that are exported with the plain fields that they have in the graph. */
import { computedOf } from '../../model/collection-lookups.ts'
import type { Field, FieldKind } from '../../model/collection.ts'
import { detectionEventFields } from '../../model/detection-events.ts'
import { fieldsOf, isStored } from '../../model/stored.ts'
import type { ExportType } from '../part.ts'
import { type LakeColumn, lakeColumn, type ColumnType } from './lake-column.ts'

/** In the order in which the members of the objects stand. */
export const plainColumns = (name: ExportType): readonly LakeColumn[] => {
  const fields = Object.entries<Field>(fieldsOf(name))
  const [methods, others] = [
    fields.filter(([, { from }]) => from.startsWith('loginMethods.')),
    fields.filter(([, { from }]) => !from.startsWith('loginMethods.')),
  ]
  return [
    lakeColumn('__typename', 'text'),
    lakeColumn('connectorAlias', 'text'),
    ...others.map(toColumn),
    ...(methods.length === 0 ? [] : [lakeColumn('loginMethods', methods.map(toColumn))]),
    ...(isStored(name) ? [] : Object.keys(computedOf(name)).map(of => lakeColumn(of, 'text'))),
    ...(name === 'events' ? [lakeColumn('payload', 'json')] : []),
  ]
}

const toColumn = ([name, { kind }]: readonly [string, Field]): LakeColumn =>
  kind === 'objects'
    ? lakeColumn(name, eventColumns, true)
    : lakeColumn(name, types[kind], kind === 'strings' || kind === 'enums')

const types: { readonly [Kind in Exclude<FieldKind, 'objects'>]: ColumnType } = {
  id: 'text',
  string: 'text',
  boolean: 'boolean',
  seconds: 'moment',
  enum: 'text',
  strings: 'text',
  enums: 'text',
}

const eventColumns: readonly LakeColumn[] = [
  ...Object.entries<Field>(detectionEventFields).map(each =>
    each[0] === 'metadata' ? lakeColumn('metadata', 'json') : toColumn(each),
  ),
  lakeColumn('metadataRaw', 'text'),
]

/** Those of what changed: its values are of any type, so that they stand there as JSON. */
export const changeColumns: readonly LakeColumn[] = [
  ...['connector', 'collection', 'objectId', 'kind', 'field'].map(name => lakeColumn(name, 'text')),
  lakeColumn('old', 'json'),
  lakeColumn('new', 'json'),
  lakeColumn('at', 'moment'),
  lakeColumn('learntFrom', 'text'),
  lakeColumn('cursor', 'text'),
]
