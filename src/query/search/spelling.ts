/**
 * What a pasted value stands for, and how else an IP address may be written. Analysts write addresses so that nobody
 * follows them by accident ("defanged"): `203[.]0[.]113[.]5`, `hxxps://evil[.]example/`, `ana[at]corp(.)example`.
 */
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { folded } from '../../filter/letters.ts'

/**
 * In brackets of any kind, with the spaces around and within. Where those before it begin is looked for once: from each of
 * thousands on, it would take seconds.
 */
const bracketed = (inner: string): string =>
  `(?:(?<! ) +)?(?:\\[ *(?:${inner}) *\\]|\\( *(?:${inner}) *\\)|\\{ *(?:${inner}) *\\}|< *(?:${inner}) *>) *`

/** Half a pair of brackets is met as well, and a backslash before the dot. */
const DOT = new RegExp(`${bracketed('\\.|dot')}|[[({]\\.|\\.[\\])}]|\\\\\\.`, 'gi')
const AT = new RegExp(bracketed('@|at'), 'gi')
const COLON = new RegExp(bracketed(':'), 'g')
const SLASH = new RegExp(bracketed('/'), 'g')

/** `hxxp`, `h**p`, `htxp`; the colon and the slashes with or without brackets, or with backslashes. */
const SCHEME =
  /^(?:h[tx*_]{2}p(s?)|f[tx*_]p)(?:[[({]:[\])}]\/\/|[[({]:\/\/[\])}]|:[[({]\/\/[\])}]|:\/\/|:\\\\)/i
const PLAIN_SCHEME = /^(?:https?|ftp):\/\//i

/**
 * The value as it stands where nobody need be afraid of it, an IP address without brackets; the value itself where it is
 * written in no such way. It may be no address at all: whether it has the form of one is for the caller to see.
 */
export const refanged = (value: string): string => {
  const named = value.replace(/^mailto:/i, '')
  const text = PLAIN_SCHEME.test(named) ? named : named.replace(SCHEME, plainScheme)
  const [front = ''] = /^[^:/?#]+:\/\/[^/?#]*/.exec(text) ?? []
  // Where the front of a web address is written plainly, brackets further on are what they are.
  const isPlain = front !== '' && text === named && withoutBrackets(front) === front
  const plain = isPlain ? text : withoutBrackets(text)
  return isIP(bareIp(plain)) === 0 ? plain : bareIp(plain)
}

const plainScheme = (found: string, s = ''): string =>
  /^h/i.test(found) ? `http${s.toLowerCase()}://` : 'ftp://'

const withoutBrackets = (text: string): string =>
  text.replace(DOT, '.').replace(AT, '@').replace(COLON, ':').replace(SLASH, '/')

/** An address without the brackets of a web address and without the zone, which means something on its machine alone. */
const bareIp = (text: string): string => {
  const inner = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  return inner.replace(/%.*$/s, '')
}

/** An IP address as it is usually written: without needless zeros, and one of IPv4 never as one of IPv6. */
export const toIp = (text: string): string => {
  // What nearly all are.
  if (isIPv4(text)) return text
  const bare = bareIp(text)
  if (isIPv4(bare)) return bare
  if (!isIPv6(bare)) return folded.of(text)
  const short = URL.parse(`http://[${bare}]/`)?.hostname.slice(1, -1) ?? bare
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? []
  if (high === undefined || low === undefined) return short
  const bits = Number.parseInt(high, 16) * 0x1_00_00 + Number.parseInt(low, 16)
  return [24, 16, 8, 0].map(shift => (bits >>> shift) & 255).join('.')
}

/**
 * How an IP address may stand in an index that compares letters, small and capital ones alike: each way of leaving out
 * zeros, with and without brackets, and one of IPv4 also within IPv6. Whatever is no address stands for itself.
 */
export const spellingsOfIp = (text: string): readonly string[] => {
  const usual = toIp(text)
  const bytes = isIPv4(usual) ? usual.split('.').map(Number) : undefined
  if (bytes === undefined && !isIPv6(usual)) return [text]
  const groups = bytes === undefined ? groupsOf(usual) : ['0', '0', '0', '0', '0', 'ffff']
  const tails = bytes === undefined ? [[]] : [[usual], pairs(bytes)]
  const long = tails.flatMap(tail => [
    ...leavingOutZeros([...groups, ...tail]),
    ...leavingOutZeros([...groups, ...tail].map(padded)),
  ])
  const all = new Set([text, usual, ...long])
  return [...all].flatMap(one => [one, `[${one}]`])
}

/** The eight parts of an address of IPv6. */
const groupsOf = (address: string): readonly string[] => {
  const [front = '', back] = address.split('::', 2)
  const parts = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const [first, last] = [parts(front), parts(back ?? '')]
  return [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last]
}

const pairs = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): string[] =>
  [a * 256 + b, c * 256 + d].map(pair => pair.toString(16))

const padded = (group: string): string => (group.includes('.') ? group : group.padStart(4, '0'))

/** As it is, and with each run of zeros left out. */
const leavingOutZeros = (groups: readonly string[]): string[] => {
  const written = [groups.join(':')]
  for (let start = 0; start < groups.length; start++)
    for (let end = start; /^0+$/.test(groups[end] ?? '');) {
      end++
      written.push(`${groups.slice(0, start).join(':')}::${groups.slice(end).join(':')}`)
    }
  return written
}
