/**
 * The tables of docs/ocsf.md, made by projecting: one object in which everything is filled, each of its fields changed
 * in turn, to see what of the event follows it. So they say what the code does and nothing else.
 */
import { collections } from '../../src/model/collections.ts'
import { detectionEventFields } from '../../src/model/detection-events.ts'
import type { Field } from '../../src/model/collection.ts'
import { payloadOf } from '../../src/model/events.ts'
import type { DetectionEvent } from '../../src/model/rows.ts'
import { fieldsOf, isStored, type ListRows, storedLists } from '../../src/model/stored.ts'
import {
  defaultVersion,
  type ObjectName,
  type OcsfVersion,
  ocsfVersions,
  toOcsfOfWebhook,
} from '../../src/ocsf/ocsf.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { objectNames, project } from '../support/ocsf/objects.ts'
import { documented } from '../support/ocsf/webhook-payloads.ts'
import { samples } from '../support/ocsf/filled-objects.ts'
import { LATER } from '../support/deliveries.ts'

type Json = Readonly<Record<string, unknown>>
type Sample = ListRows[ObjectName]

/** The tables by the name that the page has for them. */
export const tables = (): Readonly<Record<string, string>> => ({
  classes: classTable(),
  webhooks: webhookTable(),
  ...Object.fromEntries(objectNames.map(name => [typeOf(name), attributeTable(name)])),
  words: wordTable(),
  observables: observableTable(),
})

/** A page with its tables made anew: what stands between `<!-- table NAME -->` and `<!-- end -->`. */
export const withTables = (page: string): string => {
  const made = tables()
  const used = new Set<string>()
  const filled = page.replaceAll(/<!-- table (\w+) -->\n[^]*?<!-- end -->/g, (_, name: string) => {
    used.add(name)
    const table = made[name]
    if (table === undefined) throw new Error(`There is no table ${name}`)
    return `<!-- table ${name} -->\n\n${table}\n\n<!-- end -->`
  })
  const unused = Object.keys(made).filter(name => !used.has(name))
  if (unused.length > 0) throw new Error(`The page lacks ${unused.join(', ')}`)
  return filled
}

const typeOf = (name: ObjectName): string =>
  isStored(name) ? storedLists[name].type : collections[name].type

const eventOf = (name: ObjectName, row: Sample, version: OcsfVersion): Json =>
  JSON.parse(JSON.stringify(project(name, row, version).json())) as Json

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n')

const code = (text: string): string => `\`${text}\``

const kindOf = (event: Json): string =>
  `${String(event['class_name'])} (${String(event['class_uid'])}), ${String(event['activity_name'])}`

/** What is said of the version given to those who ask for none, and what of the others that differs. */
const perVersion = (
  places: (version: OcsfVersion) => ReadonlySet<string>,
): readonly [usual: string, elsewhere: string] => {
  const others = ocsfVersions.filter(version => version !== defaultVersion)
  const first = places(defaultVersion)
  const versions = new Map<string, OcsfVersion[]>()
  for (const version of others) {
    const said = [...places(version)].filter(place => !first.has(place)).join(', ')
    if (said !== '') versions.set(said, [...(versions.get(said) ?? []), version])
  }
  return [
    [...first].join(', '),
    [...versions].map(([said, of]) => `${of.join(', ')}: ${said}`).join('; '),
  ]
}

/** The same value in several versions is said once. */
const byVersion = (of: (version: OcsfVersion) => string): string => {
  const versions = new Map<string, OcsfVersion[]>()
  for (const version of [defaultVersion, ...ocsfVersions])
    versions.set(of(version), [...(versions.get(of(version)) ?? []), version])
  // The default comes first, and its own value needs no version.
  const [[first] = [''], ...others] = [...versions]
  return [first, ...others.map(([said, in_]) => `${in_.join(', ')}: ${said}`)].join('; ')
}

/** Objects of which the state decides. */
const states: Readonly<Partial<Record<ObjectName, Readonly<Record<string, object>>>>> = {
  findings: { open: { state: 'OPEN' }, resolved: { state: 'RESOLVED' } },
  detections: {
    new: { archived: false, classification: null },
    classified: { archived: false },
    archived: { archived: true },
  },
}

const classTable = (): string =>
  tableOf(
    ['object', 'class and activity'],
    objectNames.flatMap(name =>
      Object.entries(states[name] ?? { '': {} }).map(([state, own]) => [
        `${code(typeOf(name))}${state === '' ? '' : `, ${state}`}`,
        byVersion(version => kindOf(eventOf(name, { ...samples[name], ...own }, version))),
      ]),
    ),
  )

const webhookTable = (): string => {
  const rows = new Map<string, Set<string>>()
  for (const { payload } of documented) {
    const delivery = readDelivery(Buffer.from(JSON.stringify(payload)), LATER)
    if (!delivery.ok) throw new Error(delivery.problem)
    const row = { ...delivery.event, connector: 'default', receivedAt: 1_700_000_000, sequence: 1 }
    const told = { row, payload: payloadOf(row) }
    const { category, object } = delivery.event
    const kind = category === object ? object : `${category} ${object}`
    const said = byVersion(version => kindOf(toOcsfOfWebhook[version](told).json()))
    rows.set(kind, (rows.get(kind) ?? new Set()).add(said))
  }
  return tableOf(
    ['category and object', 'class and activity'],
    [...rows].map(([kind, said]) => [code(kind), [...said].join('; or ')]),
  )
}

const attributeHead = ['field', `attribute in ${defaultVersion}`, 'elsewhere in other versions']

/** Fields of Push's by the attributes that follow them. */
const attributeTable = (name: ObjectName): string => {
  const full = samples[name] as unknown as Json
  const rows = Object.entries<Field>(fieldsOf(name))
    .filter(([field]) => field !== 'events')
    .map(([field, of]) =>
      rowOf(field, placesOf(name, full, { ...full, [field]: otherOf(of, full[field]) })),
    )
  if (name !== 'detections') return tableOf(attributeHead, rows)
  const [event] = full['events'] as readonly DetectionEvent[]
  const ofEvents = Object.entries<Field>(detectionEventFields).map(([field, of]) =>
    rowOf(
      `events[].${field}`,
      placesOf(name, full, {
        ...full,
        events: [{ ...event, [field]: otherOf(of, event?.[field as keyof DetectionEvent]) }],
      }),
    ),
  )
  return tableOf(attributeHead, [...rows, ...ofEvents])
}

const rowOf = (field: string, places: (version: OcsfVersion) => ReadonlySet<string>): string[] => [
  code(field),
  ...perVersion(places),
]

const placesOf =
  (name: ObjectName, one: Json, other: Json) =>
  (version: OcsfVersion): ReadonlySet<string> => {
    const [before, after] = [one, other].map(
      row => new Map(leavesOf(eventOf(name, row as unknown as Sample, version))),
    )
    const places = new Set<string>()
    for (const path of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]))
      if (before?.get(path) !== after?.get(path) && !follows.test(path))
        places.add(path.replaceAll(/\[\d+\]/g, '[]').replace(/^unmapped\.(.*)$/, 'unmapped: $1'))
    return new Set([...places].map(code))
  }

/** What is said of every event, or repeats others. */
const follows = /^(observables|message|metadata\.(uid|profiles)|type_(uid|name))/

function* leavesOf(value: unknown, path = ''): Generator<[string, unknown]> {
  if (Array.isArray(value))
    for (const [index, element] of value.entries()) yield* leavesOf(element, `${path}[${index}]`)
  else if (typeof value === 'object' && value !== null)
    for (const [member, of] of Object.entries(value))
      yield* leavesOf(of, path === '' ? member : `${path}.${member}`)
  else yield [path, value]
}

/** Another value of a field. */
const otherOf = ({ kind }: Field, value: unknown): unknown => {
  switch (kind) {
    case 'boolean':
      return value !== true
    case 'seconds':
      return (value as number) + 60
    case 'strings':
    case 'enums':
      return ['ANOTHER']
    case 'objects':
      return []
    default:
      // The host of an address differs too, and a text that holds JSON goes on holding some.
      return typeof value === 'string' && value.startsWith('{')
        ? value.replace('Telegram', 'Signal')
        : String(value)
            .replace(/^(https?:\/\/)/, '$1another.')
            .replace(/^(?!http)/, '9')
  }
}

/** Words of Push's for which OCSF has a number. */
const vocabularies: readonly {
  readonly name: ObjectName
  readonly field: string
  readonly words: readonly string[]
  readonly attributes: readonly string[]
  readonly own?: object
}[] = [
  {
    name: 'detections',
    field: 'severity',
    words: ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'],
    attributes: ['severity'],
  },
  {
    name: 'detections',
    field: 'response',
    words: [
      'BLOCKED',
      'WARNED',
      'EMPLOYEE_WARNED',
      'EMPLOYEE_IGNORED_WARNING',
      'DETECTED',
      'ALLOWED',
    ],
    attributes: ['action', 'disposition'],
  },
  {
    name: 'detections',
    field: 'classification',
    words: ['FALSE_POSITIVE', 'TRUE_POSITIVE', 'SUSPICIOUS', 'BENIGN', 'TEST', 'DUPLICATE'],
    attributes: ['verdict', 'status'],
    own: { archived: true },
  },
  {
    name: 'findings',
    field: 'state',
    words: ['OPEN', 'RESOLVED'],
    attributes: ['status', 'compliance.status'],
  },
  {
    name: 'browsers',
    field: 'os',
    words: ['WINDOWS', 'MACOS', 'LINUX', 'CHROME_OS', 'IOS', 'ANDROID', 'UNKNOWN'],
    attributes: ['device.os.type'],
  },
]

const wordTable = (): string =>
  tableOf(
    ['field', 'word', 'attribute'],
    vocabularies.flatMap(({ name, field, words, attributes, own }) =>
      [...words, 'A_NEW_WORD'].map(word => {
        const row = { ...samples[name], ...own, [field]: word }
        const said = (version: OcsfVersion): string => {
          const leaves = new Map(leavesOf(eventOf(name, row, version)))
          return attributes
            .filter(attribute => leaves.has(`${attribute}_id`))
            .map(
              attribute =>
                `\`${attribute}_id\` ${String(leaves.get(`${attribute}_id`))} ${String(leaves.get(attribute))}`,
            )
            .join(', ')
        }
        return [
          code(`${typeOf(name)}.${field}`),
          word === 'A_NEW_WORD' ? 'any other' : code(word),
          byVersion(said),
        ]
      }),
    ),
  )

/** Kinds of observable with where they are found, and the versions that know them. */
const observableTable = (): string => {
  const found = new Map<string, { names: Set<string>; versions: Set<OcsfVersion> }>()
  for (const version of ocsfVersions)
    for (const name of objectNames)
      for (const { type, type_id: id, name: at } of (eventOf(name, samples[name], version)[
        'observables'
      ] ?? []) as readonly { type: string; type_id: number; name: string }[]) {
        const key = `${String(id).padStart(2)} ${type}`
        const { names, versions } = found.get(key) ?? { names: new Set(), versions: new Set() }
        found.set(key, { names: names.add(at), versions: versions.add(version) })
      }
  return tableOf(
    ['type', 'found in', 'versions'],
    [...found]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([kind, { names, versions }]) => [
        kind.trim(),
        [...names].sort().map(code).join(', '),
        versions.size === ocsfVersions.length ? 'all' : [...versions].join(', '),
      ]),
  )
}
