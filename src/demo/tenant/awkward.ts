/** Rows that a reader of Push must cope with, put in at known places. */
import type { CollectionName } from '../../model/rows.ts'
import type { PushData, PushRows } from './objects.ts'
import { type Random, createRandom } from './random.ts'

interface Oddity<Name extends CollectionName> {
  readonly collection: Name
  readonly twist: (row: PushRows[Name], random: Random) => PushRows[Name]
}

const oddity = <Name extends CollectionName>(
  collection: Name,
  twist: Oddity<Name>['twist'],
): Oddity<Name> => ({ collection, twist })

/** A copy of the row without some members that may be missing. */
const without = <Row extends object>(row: Row, ...members: (keyof Row)[]): Row =>
  Object.fromEntries(
    Object.entries(row).filter(([name]) => !members.includes(name as keyof Row)),
  ) as Row

const oddities = {
  nullDepartment: oddity('employees', row => ({ ...row, department: null })),
  slashDepartment: oddity('employees', row => ({ ...row, department: '/' })),
  missingGroups: oddity('employees', row => without(row, 'groups')),
  /** The accents are letters of their own: equal to the composed form only after normalisation. */
  decomposedName: oddity('employees', row => ({
    ...row,
    firstName: 'Zoë'.normalize('NFD'),
    lastName: 'Núñez'.normalize('NFD'),
  })),
  dotlessName: oddity('employees', row => ({ ...row, firstName: 'Işıl', lastName: 'YILDIRIM' })),

  danglingApp: oddity('accounts', (row, random) => ({ ...row, appId: random.uuid() })),
  danglingEmployee: oddity('accounts', (row, random) => ({ ...row, employeeId: random.uuid() })),
  mixedCaseEmail: oddity('accounts', row => ({ ...row, email: 'Ana.Contractor@Partner.Example' })),
  unknownMfaMethod: oddity('accounts', row => ({
    ...row,
    mfaRegistered: true,
    mfaMethods: ['APP_TOTP', 'RETINA_SCAN'],
  })),
  neverUsed: oddity('accounts', row => ({
    ...row,
    lastUsedTimestamp: null,
    loginMethods: without(row.loginMethods, 'lastPasswordLoginTimestamp'),
  })),

  bareApp: oddity('apps', row => without(row, 'website', 'description', 'friendlyName', 'labels')),
  emojiNote: oddity('apps', row => ({
    ...row,
    notes: 'Approved 🎉 for the 👩🏽‍💻 team — café budget',
  })),
  unknownApproval: oddity('apps', row => ({ ...row, approvalStatus: 'APPROVED_WITH_EXCEPTION' })),
  danglingOwner: oddity('apps', (row, random) => ({ ...row, ownerId: random.uuid() })),

  unknownBrowser: oddity('browsers', row => ({ ...row, browser: 'LADYBIRD', os: 'SERENITY_OS' })),
  bareBrowser: oddity('browsers', row =>
    without(row, 'profileEmail', 'profileSyncEnabled', 'language'),
  ),

  danglingBrowser: oddity('browserExtensions', (row, random) => ({
    ...row,
    browserId: random.uuid(),
  })),
  bareExtension: oddity('browserExtensions', row =>
    without(row, 'deploymentMode', 'permissions', 'hostPermissions', 'enabled'),
  ),
  unknownDeployment: oddity('browserExtensions', row => ({ ...row, deploymentMode: 'BUNDLED' })),

  unknownFindingType: oddity('findings', row => ({ ...row, type: 'PASSKEY_NOT_REGISTERED' })),
  vanishedAccount: oddity('findings', (row, random) => ({ ...row, accountId: random.uuid() })),
  nobodysFinding: oddity('findings', row => ({
    ...row,
    employeeId: null,
    accountId: null,
    appId: null,
    appType: null,
  })),
  unknownReason: oddity('findings', row => ({
    ...row,
    type: 'WEAK_PASSWORD',
    weakPasswordReasons: ['COMMON_BASE_WORD', 'KEYBOARD_WALK'],
  })),

  unknownSeverity: oddity('detections', row => ({ ...row, severity: 'INFORMATIONAL' })),
  vanishedBrowser: oddity('detections', (row, random) => ({ ...row, browserId: random.uuid() })),
  metadataNotJson: oddity('detections', row => ({
    ...row,
    events: row.events.map(event => ({ ...event, metadata: '{source: Telegram, "half' })),
  })),
  emptyEvents: oddity('detections', row => ({ ...row, events: [] })),
  bareDetection: oddity('detections', row =>
    without(row, 'lastActivityTimestamp', 'detectionLink'),
  ),
  unknownControlMode: oddity('detections', row => ({
    ...row,
    detectionType: 'SESSION_HIJACKING',
    events: row.events.map(event => ({ ...event, controlMode: 'QUARANTINE' })),
  })),
}

/** What is odd about a row. */
export type Awkward = keyof typeof oddities

/** The ids of the rows made odd in each way (rows like them may occur elsewhere too), at least one each. */
export type AwkwardIds = { readonly [Kind in Awkward]: readonly string[] }

/** The collection whose rows each kind of oddity is found in. */
export const awkwardCollection = Object.fromEntries(
  Object.entries(oddities).map(([kind, { collection }]) => [kind, collection]),
) as { readonly [Kind in Awkward]: CollectionName }

// One row in 500, so that averages stay what they were.
const EVERY = 500

/** The same data with odd rows; where a list is short, one row may be odd in several ways. */
export const makeAwkward = (
  seed: number,
  data: PushData,
): { data: PushData; awkward: AwkwardIds } => {
  const random = createRandom(seed, 'awkward')
  const lists = Object.fromEntries(
    Object.entries(data).map(([name, rows]) => [name, [...rows]]),
  ) as unknown as { [Name in CollectionName]: PushRows[Name][] }
  const awkward: Record<string, string[]> = {}

  const apply = <Name extends CollectionName>(
    kind: string,
    { collection, twist }: Oddity<Name>,
  ) => {
    const rows = lists[collection] as PushRows[Name][]
    const siblings = Object.values(oddities).filter(other => other.collection === collection)
    const place = siblings.findIndex(other => other === oddities[kind as Awkward])
    const count = Math.max(1, Math.floor(rows.length / EVERY))
    awkward[kind] = Array.from({ length: count }, (_, nth) => {
      // A third into the list: a reader of its first page sees ordinary rows.
      const index =
        (Math.floor(rows.length / 3) + place + nth * Math.floor(rows.length / count)) % rows.length
      const row = twist(rows[index] as PushRows[Name], random)
      rows[index] = row
      return row.id
    })
  }
  for (const [kind, odd] of Object.entries(oddities)) apply(kind, odd as Oddity<CollectionName>)
  return { data: lists, awkward: awkward as unknown as AwkwardIds }
}
