/** Debian's Chromium, steered by playwright-core. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

/** Where Debian's package puts it, Ubuntu's, and Google's. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Nothing but the page under test may want the network. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * A headless Chromium; the caller closes it. Where there is none, root on Debian gets it installed first.
 *
 * @throws {Error} saying how to get one
 */
export const launchChromium = async (): Promise<Browser> =>
  chromium.launch({ executablePath: find() ?? install(), args: flags })

const find = (): string | undefined => places.find(place => existsSync(place))

/** The one step that changes the machine: it says so on stderr before it does. */
const install = (): string => {
  const packages = ['install', '-y', '-q', '--no-install-recommends', 'chromium']
  const isDebian =
    existsSync('/etc/os-release') &&
    /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  if (!isDebian || process.getuid?.() !== 0)
    throw new Error(
      'The browser tests need Chromium, and there is none here: run "apt-get install chromium" as root, or install Google Chrome',
    )

  process.stderr.write(
    `Installing Debian's chromium for the browser tests: apt-get update, apt-get ${packages.join(' ')}\n`,
  )
  for (const args of [['update', '-q'], packages])
    execFileSync('apt-get', args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: 'pipe',
    })
  const place = find()
  if (place === undefined) throw new Error('apt-get installed chromium, but it is not in /usr/bin')
  return place
}
