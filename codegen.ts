import type { CodegenConfig } from '@graphql-codegen/cli'
import { collectionNames, collections } from './src/model/collections.ts'
import { storedLists, storedNames } from './src/model/stored.ts'
import { writeBundle } from './schema/derive/bundle.ts'

// The types below are made from the bundle, so it comes first.
writeBundle()

const parent = (type: string, name = `${type}Parent`): [string, string] => [
  type,
  `../graphql/parents.ts#${name}`,
]

const eventTypes = [
  'EntityEvent',
  'DetectionChangeEvent',
  'LoginEvent',
  'ControlEvent',
  'AuditEvent',
  'OtherEvent',
]

const ocsfClasses = [
  'AccountChange',
  'Authentication',
  'BaseEvent',
  'CloudResourcesInventoryInfo',
  'ComplianceFinding',
  'DetectionFinding',
  'EntityManagement',
  'InventoryInfo',
  'SoftwareInfo',
  'UserInventory',
  'WebResourcesActivity',
]

const writePayloads = [
  'UpdateDetectionPayload',
  'UpdateAppPayload',
  'UpdateEmployeePayload',
  'DeleteAccountPayload',
  'RemoveAccountLoginMethodPayload',
]

const config: CodegenConfig = {
  schema: ['src/generated/schema.graphql', 'src/generated/mutations.graphql'],
  generates: {
    'src/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        disableDescriptions: true,
        useTypeImports: true,
        enumsAsTypes: true,
        importExtension: '.ts',
        contextType: '../graphql/context.ts#Context',
        mappers: Object.fromEntries([
          ...collectionNames.flatMap(name => [
            parent(collections[name].type, `ObjectParent<'${name}'>`),
            parent(`${collections[name].type}Connection`, 'ListConnectionParent'),
            parent(`${collections[name].type}GroupCount`, 'GroupParent'),
          ]),
          ...storedNames.flatMap(name => [
            parent(storedLists[name].type),
            parent(`${storedLists[name].type}Connection`, 'StoredConnectionParent'),
            parent(`${storedLists[name].type}GroupCount`, 'GroupParent'),
          ]),
          ...eventTypes.map(type => parent(type, 'EventParent')),
          parent('ControlNotice', 'MembersParent'),
          parent('EventActor', 'MembersParent'),
          parent('OtherLoginMethods', 'OtherAccountParent'),
          ...ocsfClasses.map(name => parent(`Ocsf${name}`, 'OcsfEventParent')),
          parent('OcsfEventConnection'),
          parent('TimelineConnection'),
          parent('TimelineItem'),
          parent('DetectionEvent'),
          parent('LoginMethods', `ObjectParent<'accounts'>`),
          parent('Connector'),
          parent('StoredCollection'),
          parent('SharedDatabase'),
          parent('Sink'),
          parent('SearchConnection'),
          parent('SearchEdge'),
          ...writePayloads.map(type => parent(type, 'WritePayloadParent')),
          // Resolvers speak of collections as the model does; the schema translates.
          ['Collection', '../model/rows.ts#CollectionName'],
        ]),
        scalars: {
          ID: { input: 'string', output: 'string' },
          // UNIX seconds; of an argument also with a fraction.
          DateTime: { input: 'number', output: 'number' },
          Long: { input: 'number', output: 'number' },
          // As written; the filter reads it.
          Duration: { input: 'string', output: 'string' },
          JSON: { input: 'unknown', output: 'unknown' },
        },
        maybeValue: 'T | null',
        inputMaybeValue: 'T | null | undefined',
        makeResolverTypeCallable: true,
        noSchemaStitching: true,
        optionalResolveType: true,
      },
    },
  },
}

export default config
