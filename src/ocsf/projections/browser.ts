import type { Browser } from '../../model/rows.ts'
import {
  type Collected,
  COLLECT,
  INFORMATIONAL,
  type Loose,
  type Projection,
  PRODUCT,
  readByRest,
} from '../fitting/projection.ts'
import { codeOf, lookUp, ms, type OcsfObject, other } from '../fitting/values.ts'

/** OCSF's kind of device that a browser is. */
export const BROWSER = 8

/** A browser is the device that Push's extension runs on. */
export const browser: Projection<Collected<'browsers'>> = {
  className: 'inventory_info',
  activity: () => COLLECT,
  time: ({ readAt }) => readAt,
  metadata: readByRest('BROWSER'),
  parts: {
    severity_id: () => INFORMATIONAL,
    message: ({ row }) =>
      `Push Security knows the browser ${descriptionOf(row)}${row.email === null ? '' : ` of ${row.email}`}.`,
    device: ({ row }) => deviceOf(row),
  },
  unmapped: ({ row }) => ({
    browser: row.browser,
    browser_version: row.version,
    token_type: row.tokenType,
    is_active: row.isActive,
    profile_email: row.profileEmail,
    profile_sync_enabled: row.profileSyncEnabled,
    language: row.language,
  }),
}

/** The browser as a device, with everything that has a place there. */
export const deviceOf = (
  row: Loose<
    Omit<Browser, 'tokenType' | 'isActive' | 'profileEmail' | 'profileSyncEnabled' | 'language'>
  >,
): OcsfObject => ({
  uid: row.id,
  type_id: BROWSER,
  name: row.browser === null ? undefined : nameOf(row.browser),
  desc: row.browser === null ? undefined : descriptionOf({ ...row, browser: row.browser }),
  vendor_name: lookUp(products, row.browser)?.vendor,
  os: systemOf(row.os),
  owner:
    row.employeeId === null && row.email === null
      ? undefined
      : { uid: row.employeeId, name: row.email, email_addr: row.email, type_id: 1 },
  agent_list:
    row.extensionVersion === null
      ? undefined
      : [
          {
            name: 'Push Security browser extension',
            version: row.extensionVersion,
            vendor_name: PRODUCT,
            type_id: other('Browser Security'),
          },
        ],
  created_time: ms(row.createdAt),
  first_seen_time: ms(row.createdAt),
  last_seen_time: ms(row.lastOnlineAt),
})

/** The operating system that a word of Push's stands for. */
export const systemOf = (word: string | null): OcsfObject | undefined =>
  word === null
    ? undefined
    : { name: lookUp(systemNames, word) ?? word, type_id: codeOf(systems, word) }

const products: Readonly<Record<string, { readonly name: string; readonly vendor?: string }>> = {
  CHROME: { name: 'Chrome', vendor: 'Google' },
  FIREFOX: { name: 'Firefox', vendor: 'Mozilla' },
  EDGE: { name: 'Edge', vendor: 'Microsoft' },
  SAFARI: { name: 'Safari', vendor: 'Apple' },
  OPERA: { name: 'Opera', vendor: 'Opera' },
  BRAVE: { name: 'Brave', vendor: 'Brave Software' },
  ARC: { name: 'Arc', vendor: 'The Browser Company' },
  UNKNOWN: { name: 'Unknown browser' },
}

const systems = { UNKNOWN: 0, WINDOWS: 100, LINUX: 200, ANDROID: 201, MACOS: 300, IOS: 301 }

const systemNames = {
  UNKNOWN: 'Unknown',
  WINDOWS: 'Windows',
  LINUX: 'Linux',
  ANDROID: 'Android',
  MACOS: 'macOS',
  IOS: 'iOS',
  CHROME_OS: 'ChromeOS',
}

/** What people call the browser that a word of Push's stands for. */
export const nameOf = (word: string): string => lookUp(products, word)?.name ?? word

/** `Chrome 125.0.6422.77` */
export const descriptionOf = (row: Pick<Browser, 'browser' | 'version'>): string =>
  row.version === null ? nameOf(row.browser) : `${nameOf(row.browser)} ${row.version}`
