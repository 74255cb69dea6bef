/** Which fields may name a person: each text of the schema is tagged, or stands here with the reason why it is not. */
import { readFileSync } from 'node:fs'
import {
  buildASTSchema,
  extendSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isNonNullType,
  parse,
} from 'graphql'
import { describe, expect, it } from 'vitest'

const read = (bundle: string): string =>
  readFileSync(new URL(`../../src/generated/${bundle}.graphql`, import.meta.url), 'utf8')
const all = parse(`${read('subgraph')} ${read('mutations-subgraph')}`)
const schema = extendSchema(
  buildASTSchema(
    {
      ...all,
      definitions: all.definitions.filter(({ kind }) => !kind.endsWith('TypeExtension')),
    },
    { assumeValid: true },
  ),
  {
    ...all,
    definitions: all.definitions.filter(({ kind }) => kind.endsWith('TypeExtension')),
  },
  { assumeValid: true },
)

interface Tagged {
  readonly astNode?: { readonly directives?: readonly object[] | undefined } | null | undefined
}

const isPersonal = ({ astNode }: Tagged): boolean =>
  JSON.stringify(astNode?.directives ?? []).includes('"value":"pii"')

const texts = Object.values(schema.getTypeMap())
  .filter(type => isObjectType(type) || isInterfaceType(type))
  .filter(({ name }) => !name.startsWith('_'))
  .flatMap(type =>
    Object.values(type.getFields())
      .filter(field => ['String', 'JSON'].includes(getNamedType(field.type).name))
      .map(field => ({ type: type.name, name: field.name, field })),
  )

/** Texts that name nobody, by the reason; `*` stands for any type. */
const namesNobody: Readonly<Record<string, readonly string[]>> = {
  'one may group by it': [
    'Employee.department',
    'Employee.location',
    'OcsfLdapPerson.department',
    'OcsfLdapPerson.office_location',
    '*.keys',
  ],
  'a word of a set that Push keeps, however open': [
    ...['*.appType', '*.response', 'Detection.classification', 'App.type', 'Event.object'],
    ...['*.oidcLogin', '*.samlLogin', 'LoginMethods.vendorSsoLogin', 'LoginMethods.fedCmLogin'],
    ...['*.detectionEventType', '*.phishingToolIndicator', '*.clonedLoginPageIndicator'],
    ...['LoginEvent.loginType', 'LoginEvent.identityProvider', 'LoginEvent.passwordManager'],
    ...['ControlEvent.action', 'ControlEvent.indicator', 'ControlEvent.clonedLoginPageType'],
    ...['EventActor.source', 'EventActor.role', 'OtherApp.requestSupportStatus', '*.object'],
    ...['OcsfFindingInfo.title', 'OcsfFindingInfo.types', 'OcsfAnalytic.name', 'OcsfAnalytic.uid'],
    ...['OcsfRelatedEvent.type_name', 'OcsfRelatedEvent.title', 'OcsfCompliance.control'],
    ...['OcsfCompliance.status_details', 'OcsfCheck.uid', 'OcsfCheck.name', 'OcsfIdp.name'],
    ...['OcsfResourceDetails.criticality', 'OcsfEvidences.name', 'OcsfMetadata.event_code'],
    ...['OcsfPolicy.type'],
  ],
  'a product, its version or its language, as its maker calls it': [
    ...['App.name', 'App.friendlyName', 'BrowserExtension.name', 'BrowserExtension.permissions'],
    ...['Browser.version', 'Browser.extensionVersion', 'Browser.language', 'OcsfProduct.*'],
    ...['OcsfDevice.name', 'OcsfDevice.desc', 'OcsfDevice.vendor_name', 'OcsfOs.name'],
    ...['OcsfNetworkEndpoint.name', 'OcsfAgent.name', 'OcsfAgent.version', 'OcsfAgent.vendor_name'],
  ],
  'an id, or a sum': [
    '*.uid',
    ...['OcsfResourceDetails.uid_alt', 'OcsfMetadata.original_event_uid', 'OcsfFingerprint.*'],
  ],
  'made by Pushgraph or its operator': [
    ...[
      '*.connectorAlias',
      'Connector.*',
      'Capability.*',
      'Replica.name',
      'Sink.*',
      'SearchMatch.field',
      'SearchMatch.via',
    ],
    ...[
      '*.clientMutationId',
      '*.revision',
      '*.cursor',
      'PageInfo.startCursor',
      'PageInfo.endCursor',
      '*.inferred',
    ],
    ...['OcsfFeature.name', 'OcsfObservable.name', 'OcsfCompliance.standards'],
    ...['OcsfMetadata.version', 'OcsfMetadata.profiles', 'OcsfMetadata.log_name'],
    ...['OcsfMetadata.log_version', 'OcsfMetadata.original_time', 'OcsfMetadata.tenant_uid'],
  ],
  'the caption of an enumeration, or the word of Push that has none': [
    ...['*.class_name', '*.category_name', '*.activity_name', '*.severity', '*.status', '*.type'],
    ...['*.action', '*.disposition', '*.verdict', '*.auth_protocol', '*.factor_type', '*.role'],
    '*.type_name',
  ],
  'where it stands is what differs; members that nobody knows are left out': [
    'EventChange.path',
    'Change.field',
  ],
}

const reasonFor = ({ type, name }: { readonly type: string; readonly name: string }) =>
  Object.entries(namesNobody).find(([, fields]) =>
    [`${type}.${name}`, `*.${name}`, `${type}.*`].some(at => fields.includes(at)),
  )?.[0] ?? (name.endsWith('Raw') && name !== 'metadataRaw' ? 'a word as Push sent it' : undefined)

describe('a text of the schema', () => {
  it.each(texts)('$type.$name is personal, or there is a reason', of => {
    const reason = isPersonal(of.field) ? undefined : reasonFor(of)
    expect(isPersonal(of.field) || reason !== undefined).toBe(true)
  })

  it('is personal wherever it is an address or what somebody wrote', () => {
    const always =
      /^(email|.*Email|description|(.*[uU]rl)|.*Urls|website|notes|metadata(Raw)?|payload|json|raw_data|unmapped|data|message|userAgent|user_agent|referrer|ip|sourceIpAddress|hostname|old|new|labels)$/
    const forgotten = texts.filter(({ name, field }) => always.test(name) && !isPersonal(field))
    expect(forgotten.map(({ type, name }) => `${type}.${name}`)).toEqual([])
  })

  it('can be null where it is personal, since not everybody is told it', () => {
    const required = texts.filter(({ field }) => isPersonal(field) && isNonNullType(field.type))
    // A whole event of OCSF is there for everybody, without its personal members.
    expect([...new Set(required.map(({ name }) => name))]).toEqual(['json'])
  })

  it('is personal on an interface where it is on a type that has it', () => {
    for (const type of Object.values(schema.getTypeMap()))
      if (isObjectType(type))
        for (const of of type.getInterfaces())
          for (const [name, field] of Object.entries(of.getFields()))
            expect(`${type.name}.${name} ${isPersonal(type.getFields()[name] ?? field)}`).toBe(
              `${type.name}.${name} ${isPersonal(field)}`,
            )
  })
})

describe('what compares a personal field', () => {
  it('is tagged as the field is', () => {
    const tagged = (name: string): readonly string[] => {
      const type = schema.getType(name)
      const members = isEnumType(type)
        ? type.getValues()
        : isInputObjectType(type)
          ? Object.values(type.getFields())
          : []
      return members.filter(isPersonal).map(member => member.name)
    }
    expect(tagged('EmployeeFilter')).toEqual(['email', 'firstName', 'lastName', 'groups'])
    expect(tagged('EmployeeOrderField')).toEqual(['EMAIL', 'FIRST_NAME', 'LAST_NAME'])
    expect(tagged('FindingDimension')).toEqual([
      'EMPLOYEE_EMAIL',
      'EMPLOYEE_GROUPS',
      'ACCOUNT_EMAIL',
      'APP_LABELS',
    ])
    expect(tagged('DetectionEventFilter')).toContain('metadataRaw')
    expect(tagged('EventFilter')).toEqual(
      expect.arrayContaining(['description', 'email', 'sourceIpAddress', 'url', 'objectName']),
    )
    expect(tagged('UpdateAppInput')).toEqual(['notes'])
    const [email] = schema.getQueryType()?.getFields()['employee']?.args.slice(1) ?? []
    expect(email && isPersonal(email)).toBe(true)
  })
})
