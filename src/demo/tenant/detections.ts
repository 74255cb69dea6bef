/** Attacks seen in a browser of the employee, each with the events that it consists of. */
import type { PushAccount, PushBrowser, PushDetection, PushDetectionEvent } from './objects.ts'
import { recordsIn } from './records.ts'
import { type Random, createRandom, createWeighted } from './random.ts'

const DAY = 86_400

interface Attack {
  readonly type: string
  readonly share: number
  readonly eventType: string
  readonly description: string
  readonly severities: readonly string[]
  readonly path: string
}

const attacks: readonly Attack[] = recordsIn('attacks.txt').map(
  ([type = '', share, eventType = '', description = '', severities = '', path = '']) => ({
    ...{ type, share: Number(share), eventType, description },
    ...{ severities: severities.split(' '), path },
  }),
)

const attack = createWeighted(attacks, ({ share }) => share)
const tools =
  'AITM_TOOL_EVILGINX_01 AITM_TOOL_TYCOON_02 AITM_TOOL_SNEAKY2FA_01 BITB_GENERIC_01'.split(' ')
const pages = ['MICROSOFT_01', 'GOOGLE_02', 'OKTA_01', 'ONELOGIN_01']
const hosts = 'secure-login sso-portal account-verify docs-share mfa-reset xn--mnchen-3ya'.split(
  ' ',
)
const controlModes = ['MONITOR', 'WARN', 'BLOCK', 'INFORM', 'ACKNOWLEDGE', 'REASON']
const responses = ['BLOCKED', 'BLOCKED', 'EMPLOYEE_WARNED', 'EMPLOYEE_IGNORED_WARNING']
const referrers = ['https://mail.google.com', 'https://www.linkedin.com/messaging', null, null]
// The three blocks that are kept for documentation.
const networks = ['192.0.2', '198.51.100', '203.0.113']

/** `count` detections of the last half year, with one to four events each, in no order. */
export const createDetections = (
  seed: number,
  count: number,
  browsers: readonly PushBrowser[],
  accounts: readonly PushAccount[],
  now: number,
): PushDetection[] => {
  const random = createRandom(seed, 'detections')
  const accountsOf = Map.groupBy(accounts, account => account.employeeId)
  return Array.from({ length: count }, () => {
    const browser = random.pick(browsers)
    return createDetection(random, browser, accountsOf.get(browser.employeeId) ?? [], now)
  })
}

const createDetection = (
  random: Random,
  browser: PushBrowser,
  accounts: readonly PushAccount[],
  now: number,
): PushDetection => {
  const id = random.uuid()
  const kind = attack(random)
  const created = random.between(Math.max(browser.creationTimestamp, now - 180 * DAY), now)
  const response = random.pick(responses)
  const archived = random.chance(0.4)
  let last = created
  const events = Array.from({ length: random.between(1, 4) }, (_, nth) => {
    if (nth > 0) last = random.between(last, Math.min(last + 1800, now))
    return createEvent(random, kind, browser, accounts, response, last)
  })
  return {
    id,
    employeeId: browser.employeeId,
    browserId: browser.id,
    severity: random.pick(kind.severities),
    detectionType: kind.type,
    response,
    archived,
    classification: archived
      ? random.pick(['FALSE_POSITIVE', 'TRUE_POSITIVE', 'TEST_ACTIVITY', null])
      : null,
    creationTimestamp: created,
    ...(random.chance(0.9) ? { lastActivityTimestamp: last } : {}),
    ...(random.chance(0.9) ? { detectionLink: `https://console.example/detections/${id}` } : {}),
    events,
  }
}

const createEvent = (
  random: Random,
  { type, eventType, description, path }: Attack,
  browser: PushBrowser,
  accounts: readonly PushAccount[],
  response: string,
  created: number,
): PushDetectionEvent => {
  const account = accounts.length === 0 || random.chance(0.15) ? undefined : random.pick(accounts)
  const url = `https://${random.pick(hosts)}-${random.between(100, 999)}.example/${path}?id=${random.between(1, 9999)}`
  const phishing = type === 'PHISHING'
  return {
    id: random.uuid(),
    creationTimestamp: created,
    detectionEventType: eventType,
    accountId: account?.id ?? null,
    appType: account?.appType ?? null,
    phishingToolIndicator: phishing ? random.pick(tools) : null,
    controlMode: random.pick(controlModes),
    description,
    clonedLoginPageIndicator: phishing && random.chance(0.5) ? random.pick(pages) : null,
    response,
    email: account?.email ?? browser.email,
    url,
    referrerUrl: random.pick(referrers),
    clonedLoginPageUrls: phishing ? [url] : [],
    sourceIpAddress: random.chance(0.1)
      ? `2001:db8::${random.between(1, 0xffff).toString(16)}`
      : `${random.pick(networks)}.${random.between(1, 254)}`,
    metadata: JSON.stringify(metadataOf(random, type, created)),
    experimental: random.chance(0.05),
  }
}

const metadataOf = (
  random: Random,
  type: string,
  created: number,
): Readonly<Record<string, string>> =>
  type === 'STOLEN_CREDENTIALS'
    ? {
        source_type: random.pick(['Telegram', 'Forum', 'Market']),
        breach_type: 'Stealer Malware Logs',
        breach_publication_date: toDate(created - random.between(1, 400) * DAY),
      }
    : { confidence: random.pick(['low', 'medium', 'high']), campaign: `C-${random.between(1, 60)}` }

const toDate = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)
