/** What is installed in the browsers: popular extensions often, others seldom. */
import type { PushBrowser, PushBrowserExtension } from './objects.ts'
import { recordsIn } from './records.ts'
import { type Random, createRandom, createShares, createWeighted } from './random.ts'

interface StoreExtension {
  readonly storeId: string
  readonly name: string
  readonly description: string
  readonly permissions: readonly string[]
  readonly hostPermissions: readonly string[]
}

const everywhere = ['<all_urls>']

const known: readonly StoreExtension[] = recordsIn('extension-store.txt').map(
  ([storeId = '', name = '', description = '', permissions = '', hosts = '']) => ({
    storeId,
    name,
    description,
    permissions: permissions.split(' '),
    hostPermissions: hosts === 'all' ? everywhere : hosts.split(' ').filter(host => host !== ''),
  }),
)

const firstWords = 'PDF Tab Dark Screen Mail Prompt Video Quick Colour AI'.split(' ')
const secondWords = 'Converter Manager Reader Capture Tracker Helper Blocker 助手'.split(' ')
const permissionWords = 'storage tabs cookies activeTab scripting webRequest history'.split(' ')
const modes = createShares({ MANUAL: 66, MANAGED: 24, DEVELOPMENT: 4, SIDELOAD: 4, OTHER: 2 })

// One store for all tenants, so that its extensions keep their ids from tenant to tenant.
const createStore = (): readonly StoreExtension[] => {
  const random = createRandom(0, 'extension store')
  const made = firstWords.flatMap(first =>
    secondWords.map(second => ({
      storeId: createStoreId(random),
      name: `${first} ${second}`,
      description: random.chance(0.1) ? '' : `${first} ${second} for every day 🚀`,
      permissions: permissionWords.filter(() => random.chance(0.4)),
      hostPermissions: random.chance(0.5) ? everywhere : [],
    })),
  )
  return [...known, ...random.shuffled(made)]
}

const createStoreId = (random: Random): string =>
  Array.from({ length: 32 }, () => random.pick([...'abcdefghijklmnop'])).join('')

/** `count` installed extensions, in no order; the same one twice in a browser only where browsers are few. */
export const createExtensions = (
  seed: number,
  count: number,
  browsers: readonly PushBrowser[],
): PushBrowserExtension[] => {
  const random = createRandom(seed, 'extensions')
  const popular = createWeighted(createStore(), (_, rank) => 1 / (rank + 2))
  const installed = new Set<string>()

  return Array.from({ length: count }, () => {
    let [browser, extension] = [random.pick(browsers), popular(random)]
    for (let attempt = 0; attempt < 5; attempt++) {
      if (!installed.has(`${browser.id} ${extension.storeId}`)) break
      ;[browser, extension] = [random.pick(browsers), popular(random)]
    }
    installed.add(`${browser.id} ${extension.storeId}`)
    return {
      id: random.uuid(),
      extensionId: extension.storeId,
      employeeId: browser.employeeId,
      browserId: browser.id,
      name: extension.name,
      description: extension.description,
      ...(random.chance(0.95) ? { deploymentMode: modes(random) } : {}),
      ...(random.chance(0.95) ? { permissions: extension.permissions } : {}),
      ...(random.chance(0.95) ? { hostPermissions: extension.hostPermissions } : {}),
      ...(random.chance(0.95) ? { enabled: random.chance(0.9) } : {}),
    }
  })
}
