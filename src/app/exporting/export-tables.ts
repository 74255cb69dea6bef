/** Where what is exported belongs in a folder of tables: one for each class of OCSF, or each type of object. */
import {
  buildASTSchema,
  getNamedType,
  getNullableType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isListType,
  isObjectType,
} from 'graphql'
import type { ExportType } from '../../export/part.ts'
import {
  type LakeColumn,
  lakeColumn,
  type ColumnType,
  type LakeTable,
  type TableOf,
} from '../../export/parquet/lake-column.ts'
import { changeColumns, plainColumns } from '../../export/parquet/plain-columns.ts'
import type { ExportOrder } from './export-parts.ts'
import { loadTypeDefs } from '../../graphql/schema/schema.ts'
import {
  type ClassName,
  classNames,
  facts,
  type ObjectFacts,
  type OcsfVersion,
  type VersionFacts,
} from '../../ocsf/fitting/facts.ts'

/**
 * Where what is written of a thing belongs. Plain objects: a folder for each type, partitioned by connector, in the order
 * of their reading. Events of OCSF: a folder for each class, in it one for the version, partitioned by connector and by the
 * day in UTC of `time`, and in the order of that.
 */
export const tablesFor = ({ ocsf, changes }: Pick<ExportOrder, 'ocsf' | 'changes'>): TableOf => {
  if (ocsf !== undefined) return ocsfTables(ocsf)
  const plain = new Map<string, LakeTable>()
  return ({ connector, type }) => {
    const folder = `${type}/${partitionOf(connector)}`
    const columns = (): readonly LakeColumn[] =>
      changes === undefined ? plainColumns(type as ExportType) : changeColumns
    const table = plain.get(folder) ?? { folder, columns: columns(), order: 0 }
    plain.set(folder, table)
    return table
  }
}

const ocsfTables = (version: OcsfVersion): TableOf => {
  const classes = new Map<number, ReturnType<typeof tableOfClass>>()
  return ({ connector }, value) => {
    const { class_uid: uid, time } = value as { readonly class_uid: number; readonly time: number }
    const { name, columns } = classes.get(uid) ?? tableOfClass(uid, version)
    classes.set(uid, { name, columns })
    const partition = `${partitionOf(connector)}/eventDay=${dayOf(time)}`
    return { folder: `${name}/${version}/${partition}`, columns, order: time }
  }
}

const tableOfClass = (uid: number, version: OcsfVersion) => {
  const name = classNames.find(of => facts[version].classes.get(of)?.uid === uid)
  if (name === undefined) throw new Error(`OCSF ${version} has no class ${uid}`)
  return { name, columns: ocsfColumns(name, version) }
}

const partitionOf = (alias: string): string => `connector=${encodeURIComponent(alias)}`

/** Such as 20240501; of what is no moment the name that Hive has for it. */
const dayOf = (ms: number): string => {
  const date = new Date(ms)
  if (Number.isNaN(date.getTime())) return '__HIVE_DEFAULT_PARTITION__'
  return date.toISOString().replace(/T.*$/, '').replaceAll('-', '')
}

let schema: GraphQLSchema | undefined

/** The attributes that the class has in the graph, as far as that version has them: those are all that events may have. */
export const ocsfColumns = (name: ClassName, version: OcsfVersion): readonly LakeColumn[] => {
  schema ??= buildASTSchema(loadTypeDefs(), { assumeValid: true })
  const type = `Ocsf${name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}`
  const of = facts[version].classes.get(name)
  return columnsOf(schema.getType(type) as GraphQLObjectType, of, facts[version])
}

const columnsOf = (
  type: GraphQLObjectType,
  of: ObjectFacts | undefined,
  version: VersionFacts,
): readonly LakeColumn[] =>
  Object.values(type.getFields()).flatMap(field => {
    const attribute = of?.attributes.get(field.name)
    if (attribute === undefined) return []
    const named = getNamedType(field.type)
    const values = isObjectType(named)
      ? columnsOf(named, version.objects.get(attribute.type), version)
      : scalars[named.name]
    return values === undefined ? [] : [lakeColumn(field.name, values, isList(field.type))]
  })

const isList = (type: GraphQLOutputType): boolean => isListType(getNullableType(type))

/** The moments beside the numbers (`time_dt`) and the event as a whole (`json`) are the graph's own. */
const scalars: Readonly<Record<string, ColumnType>> = {
  String: 'text',
  Int: 'int',
  Long: 'long',
  Boolean: 'boolean',
  JSON: 'json',
}
