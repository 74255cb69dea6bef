/** What a search must find, written down plainly: one look at every object of a tenant, kind by kind. */
import type { PushData, PushDetectionEvent } from '../../../src/demo/tenant/objects.ts'

/** By type and id, each way as `KIND field` or `KIND field > link`. */
export type NaiveHits = ReadonlyMap<string, ReadonlySet<string>>

const same = (a: string | null | undefined, b: string): boolean =>
  typeof a === 'string' && a.toLowerCase() === b.toLowerCase()

const hostOf = (url: string | null | undefined): string => url?.split('/')[2] ?? ''
const domainOf = (address: string | null | undefined): string => address?.split('@')[1] ?? ''
const withoutSlash = (url: string | null | undefined): string => (url ?? '').replace(/\/$/, '')

/** The objects of the tenant that this value leads to as a value of these kinds. */
export const naiveSearch = (data: PushData, value: string, kinds: readonly string[]): NaiveHits => {
  const hits = new Map<string, Set<string>>()
  const add = (type: string, id: string, accessPath: string): void => {
    hits.set(`${type} ${id}`, (hits.get(`${type} ${id}`) ?? new Set()).add(accessPath))
  }
  const { employees, accounts, apps, browsers, browserExtensions, findings, detections } = data
  const employee = (id: string | null, accessPath: string): void => {
    if (employees.some(one => one.id === id)) add('Employee', id ?? '', accessPath)
  }
  const account = (id: string | null, accessPath: string): void => {
    if (accounts.some(one => one.id === id)) add('Account', id ?? '', accessPath)
  }
  const app = (id: string | null, accessPath: string): void => {
    if (apps.some(one => one.id === id)) add('App', id ?? '', accessPath)
  }
  const browser = (id: string | null, accessPath: string): void => {
    if (browsers.some(one => one.id === id)) add('Browser', id ?? '', accessPath)
  }

  const emailAddress = (): void => {
    for (const one of employees)
      if (same(one.email, value)) {
        const accessPath = 'EMAIL_ADDRESS Employee.email'
        add('Employee', one.id, accessPath)
        for (const other of accounts)
          if (other.employeeId === one.id)
            add('Account', other.id, `${accessPath} > Employee.accounts`)
        for (const other of browsers)
          if (other.employeeId === one.id)
            add('Browser', other.id, `${accessPath} > Employee.browsers`)
        for (const other of findings)
          if (other.employeeId === one.id)
            add('Finding', other.id, `${accessPath} > Employee.findings`)
        for (const other of detections)
          if (other.employeeId === one.id)
            add('Detection', other.id, `${accessPath} > Employee.detections`)
      }
    for (const one of accounts)
      if (same(one.email, value)) {
        const accessPath = 'EMAIL_ADDRESS Account.email'
        add('Account', one.id, accessPath)
        employee(one.employeeId, `${accessPath} > Account.employee`)
        for (const other of findings)
          if (other.accountId === one.id)
            add('Finding', other.id, `${accessPath} > Account.findings`)
        for (const other of detections)
          if (other.events.some(event => event.accountId === one.id))
            add('Detection', other.id, `${accessPath} > DetectionEvent.account`)
      }
    for (const one of browsers)
      for (const field of ['email', 'profileEmail'] as const)
        if (same(one[field], value)) {
          add('Browser', one.id, `EMAIL_ADDRESS Browser.${field}`)
          employee(one.employeeId, `EMAIL_ADDRESS Browser.${field} > Browser.employee`)
        }
    for (const one of detections)
      if (one.events.some(event => same(event.email, value)))
        add('Detection', one.id, 'EMAIL_ADDRESS DetectionEvent.email')
  }

  const employeeId = (): void => {
    const accessPath = (field: string): string => `EMPLOYEE_ID ${field}`
    employee(value, accessPath('Employee.id'))
    for (const one of accounts)
      if (one.employeeId === value) add('Account', one.id, accessPath('Account.employeeId'))
    for (const one of apps) if (one.ownerId === value) add('App', one.id, accessPath('App.ownerId'))
    for (const one of browsers)
      if (one.employeeId === value) add('Browser', one.id, accessPath('Browser.employeeId'))
    for (const one of browserExtensions)
      if (one.employeeId === value)
        add('BrowserExtension', one.id, accessPath('BrowserExtension.employeeId'))
    for (const one of findings)
      if (one.employeeId === value) add('Finding', one.id, accessPath('Finding.employeeId'))
    for (const one of detections)
      if (one.employeeId === value) add('Detection', one.id, accessPath('Detection.employeeId'))
  }

  const accountId = (): void => {
    for (const one of accounts)
      if (one.id === value) {
        const accessPath = 'ACCOUNT_ID Account.id'
        add('Account', one.id, accessPath)
        employee(one.employeeId, `${accessPath} > Account.employee`)
        app(one.appId, `${accessPath} > Account.app`)
      }
    for (const one of findings)
      if (one.accountId === value) add('Finding', one.id, 'ACCOUNT_ID Finding.accountId')
    for (const one of detections)
      if (one.events.some(event => event.accountId === value))
        add('Detection', one.id, 'ACCOUNT_ID DetectionEvent.accountId')
  }

  const appId = (): void => {
    for (const one of apps)
      if (one.id === value) {
        add('App', one.id, 'APP_ID App.id')
        employee(one.ownerId, 'APP_ID App.id > App.owner')
      }
    for (const one of accounts)
      if (one.appId === value) add('Account', one.id, 'APP_ID Account.appId')
    for (const one of findings)
      if (one.appId === value) add('Finding', one.id, 'APP_ID Finding.appId')
  }

  const appName = (): void => {
    for (const one of apps) {
      const ways = [
        ...(same(one.friendlyName ?? one.type, value) ? ['APP_NAME App.name'] : []),
        ...(same(one.type, value) ? ['APP_NAME App.type'] : []),
      ]
      for (const accessPath of ways) {
        add('App', one.id, accessPath)
        employee(one.ownerId, `${accessPath} > App.owner`)
        for (const other of accounts)
          if (other.appId === one.id) add('Account', other.id, `${accessPath} > App.accounts`)
        for (const other of findings)
          if (other.appId === one.id) add('Finding', other.id, `${accessPath} > App.findings`)
      }
    }
  }

  const browserId = (): void => {
    for (const one of browsers)
      if (one.id === value) {
        add('Browser', one.id, 'BROWSER_ID Browser.id')
        employee(one.employeeId, 'BROWSER_ID Browser.id > Browser.employee')
      }
    for (const one of browserExtensions)
      if (one.browserId === value)
        add('BrowserExtension', one.id, 'BROWSER_ID BrowserExtension.browserId')
    for (const one of detections)
      if (one.browserId === value) add('Detection', one.id, 'BROWSER_ID Detection.browserId')
  }

  const extensionId = (): void => {
    for (const one of browserExtensions)
      for (const field of ['id', 'extensionId'] as const)
        if (one[field] === value) {
          const accessPath = `EXTENSION_ID BrowserExtension.${field}`
          add('BrowserExtension', one.id, accessPath)
          employee(one.employeeId, `${accessPath} > BrowserExtension.employee`)
          browser(one.browserId, `${accessPath} > BrowserExtension.browser`)
        }
  }

  const findingId = (): void => {
    for (const one of findings)
      if (one.id === value) {
        const accessPath = 'FINDING_ID Finding.id'
        add('Finding', one.id, accessPath)
        employee(one.employeeId, `${accessPath} > Finding.employee`)
        account(one.accountId, `${accessPath} > Finding.account`)
        app(one.appId, `${accessPath} > Finding.app`)
      }
  }

  const detectionId = (): void => {
    for (const one of detections) {
      const ways = [
        ...(one.id === value ? ['DETECTION_ID Detection.id'] : []),
        ...(one.events.some(({ id }) => id === value) ? ['DETECTION_ID DetectionEvent.id'] : []),
      ]
      for (const accessPath of ways) {
        add('Detection', one.id, accessPath)
        employee(one.employeeId, `${accessPath} > Detection.employee`)
        browser(one.browserId, `${accessPath} > Detection.browser`)
      }
    }
  }

  const passwordId = (): void => {
    for (const one of accounts)
      if (one.passwordId === value) {
        add('Account', one.id, 'PASSWORD_ID Account.passwordId')
        employee(one.employeeId, 'PASSWORD_ID Account.passwordId > Account.employee')
      }
    for (const one of findings)
      if (one.passwordId === value) add('Finding', one.id, 'PASSWORD_ID Finding.passwordId')
  }

  /** What events hold, with what follows from them. */
  const inEvents = (
    kind: string,
    fields: Readonly<Record<string, (event: PushDetectionEvent) => boolean>>,
  ): void => {
    for (const one of detections)
      for (const [field, holds] of Object.entries(fields))
        for (const event of one.events.filter(holds)) {
          const accessPath = `${kind} DetectionEvent.${field}`
          add('Detection', one.id, accessPath)
          employee(one.employeeId, `${accessPath} > Detection.employee`)
          browser(one.browserId, `${accessPath} > Detection.browser`)
          account(event.accountId, `${accessPath} > DetectionEvent.account`)
        }
  }

  const websites = (kind: string, holds: (website: string | undefined) => boolean): void => {
    for (const one of apps)
      if (holds(one.website)) {
        add('App', one.id, `${kind} App.website`)
        employee(one.ownerId, `${kind} App.website > App.owner`)
      }
  }

  const domain = (): void => {
    websites('DOMAIN', website => same(hostOf(website), value))
    inEvents('DOMAIN', {
      url: event => same(hostOf(event.url), value),
      referrerUrl: event => same(hostOf(event.referrerUrl), value),
      clonedLoginPageUrls: event => event.clonedLoginPageUrls.some(url => same(hostOf(url), value)),
      email: event => same(domainOf(event.email), value),
    })
    for (const one of employees)
      if (same(domainOf(one.email), value)) add('Employee', one.id, 'DOMAIN Employee.email')
    for (const one of accounts)
      if (same(domainOf(one.email), value)) add('Account', one.id, 'DOMAIN Account.email')
    for (const one of browsers)
      for (const field of ['email', 'profileEmail'] as const)
        if (same(domainOf(one[field]), value)) add('Browser', one.id, `DOMAIN Browser.${field}`)
  }

  const url = (): void => {
    const isIt = (text: string | null | undefined): boolean =>
      same(withoutSlash(text), withoutSlash(value))
    websites('URL', isIt)
    inEvents('URL', {
      url: event => isIt(event.url),
      referrerUrl: event => isIt(event.referrerUrl),
      clonedLoginPageUrls: event => event.clonedLoginPageUrls.some(isIt),
    })
  }

  const looks: Readonly<Record<string, () => void>> = {
    EMAIL_ADDRESS: emailAddress,
    EMPLOYEE_ID: employeeId,
    ACCOUNT_ID: accountId,
    APP_ID: appId,
    APP_NAME: appName,
    BROWSER_ID: browserId,
    EXTENSION_ID: extensionId,
    FINDING_ID: findingId,
    DETECTION_ID: detectionId,
    PASSWORD_ID: passwordId,
    DOMAIN: domain,
    URL: url,
    IP_ADDRESS: () => {
      inEvents('IP_ADDRESS', { sourceIpAddress: event => same(event.sourceIpAddress, value) })
    },
  }
  for (const kind of kinds) looks[kind]?.()
  return hits
}
