/** Debian's Chromium, steered by playwright-core. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

/** Installed by `apt-get install chromium`; the other names are those of Ubuntu and of a manual installation. */
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
 * A headless Chromium; the caller closes it. Where there is none and we may, it is installed first.
 *
 * @throws {Error} saying how to get one
 */
export const launchChromium = async (): Promise<Browser> =>
  chromium.launch({ executablePath: find() ?? install(), args: flags })

const find = (): string | undefined => places.find(place => existsSync(place))

const install = (): string => {
  const debian =
    existsSync('/etc/os-release') &&
    /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  if (!debian || process.getuid?.() !== 0)
    throw new Error(
      'The browser test needs Chromium, which is not installed: run `apt-get install chromium` (as root), or install Google Chrome',
    )
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['update', '-q'], { env, stdio: 'pipe' })
  execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], {
    env,
    stdio: 'pipe',
  })
  const place = find()
  if (place === undefined) throw new Error('apt-get installed chromium, but it is not in /usr/bin')
  return place
}
