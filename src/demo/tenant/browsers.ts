/** The browsers that employees log in with: one each for nearly all, then a second or third for some. */
import type { PushBrowser, PushEmployee } from './objects.ts'
import { type Random, createRandom, createShares, createWeighted } from './random.ts'

const DAY = 86_400

const kinds = createWeighted(
  [
    { browser: 'CHROME', version: '140.0.0.0', share: 62 },
    { browser: 'EDGE', version: '139.0.3405.86', share: 18 },
    { browser: 'FIREFOX', version: '142.0', share: 8 },
    { browser: 'SAFARI', version: '18.5', share: 6 },
    { browser: 'BRAVE', version: '1.81.137', share: 3 },
    { browser: 'ARC', version: '1.109.0', share: 2 },
    { browser: 'OPERA', version: '120.0.5543.61', share: 1 },
    { browser: 'UNKNOWN', version: '', share: 0.5 },
  ],
  ({ share }) => share,
)

const systems = createShares({
  MACOS: 45,
  WINDOWS: 42,
  LINUX: 7,
  CHROME_OS: 3,
  ANDROID: 1,
  IOS: 1,
  UNKNOWN: 0.5,
})

const languages = ['en-GB', 'en-US', 'de-DE', 'fr-FR', 'tr-TR', 'pt-BR', 'ja', 'zh-Hant-TW']
const extensionVersions = ['2.0.0', '2.0.0', '2.0.0', '1.96.19', '1.95.2', '1.80.0']

/**
 * `count` browsers, in no order. One employee in 29 works without Push's extension: there may be findings about them,
 * and nothing in a browser.
 */
export const createBrowsers = (
  seed: number,
  count: number,
  employees: readonly PushEmployee[],
  now: number,
): PushBrowser[] => {
  const random = createRandom(seed, 'browsers')
  const none = new Set(employees.filter((_, index) => index % 29 === 28))
  const withBrowser = employees.filter(employee => !none.has(employee))
  // By a chance of its own, so that the other browsers are what they are.
  const others = createRandom(seed, 'browsers of others')
  const browsers = Array.from({ length: count }, (_, index) => {
    const owner = employees[index] ?? random.pick(employees)
    return createBrowser(random, none.has(owner) ? others.pick(withBrowser) : owner, now)
  })
  return random.shuffled(browsers)
}

const createBrowser = (random: Random, employee: PushEmployee, now: number): PushBrowser => {
  const { browser, version } = kinds(random)
  const created = random.between(employee.creationTimestamp, now)
  const isActive = random.chance(0.85)
  const lastOnline = isActive
    ? random.between(Math.max(created, now - 14 * DAY), now)
    : random.between(created, Math.max(created, now - 30 * DAY))
  return {
    id: random.uuid(),
    employeeId: employee.id,
    email: employee.email,
    version,
    tokenType: random.chance(0.8) ? 'INDIVIDUAL' : 'TEAM',
    isActive,
    browser,
    os: browser === 'SAFARI' ? 'MACOS' : systems(random),
    extensionVersion: random.pick(extensionVersions),
    ...(random.chance(0.7) ? { profileEmail: employee.email } : {}),
    ...(random.chance(0.7) ? { profileSyncEnabled: random.chance(0.5) } : {}),
    ...(random.chance(0.8) ? { language: random.pick(languages) } : {}),
    creationTimestamp: created,
    lastOnlineTimestamp: lastOnline,
  }
}
