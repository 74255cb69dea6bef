/** One value in all the ways in which people and programs write it. */
import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSearchQuery } from '../../../src/query/search/arguments.ts'
import { likenessTo } from '../../../src/query/search/compare.ts'
import { refanged, spellingsOfIp, toIp } from '../../../src/query/search/spelling.ts'
import { processorMsOf } from '../../support/processor-time.ts'

const read = (value: string): string => readSearchQuery({ value }).value
const kinds = (value: string): readonly string[] => readSearchQuery({ value }).kinds

/** One of these for each place of the text where that letter stands. */
const rewritten = (text: string, letter: string, ways: readonly string[]): fc.Arbitrary<string> => {
  const parts = text.split(letter)
  return fc
    .array(fc.constantFrom(...ways), { minLength: parts.length, maxLength: parts.length })
    .map(chosen => parts.map((part, n) => (n === 0 ? part : `${chosen[n]}${part}`)).join(''))
}

const dots = [
  '.',
  '[.]',
  '(.)',
  '{.}',
  '<.>',
  '[dot]',
  '(DOT)',
  ' [.] ',
  '[ dot ]',
  '[.',
  '.]',
  '\\.',
]

const defanged = (text: string): fc.Arbitrary<string> => rewritten(text, '.', dots)

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
const host = fc
  .tuple(label, label, fc.constantFrom('example', 'test', 'org'))
  .map(parts => parts.join('.'))

describe('a defanged value stands for', () => {
  it('an address of IPv4', () => {
    fc.assert(
      fc.property(
        fc.ipV4().chain(ip => fc.tuple(fc.constant(ip), defanged(ip))),
        ([ip, written]) => {
          expect([read(written), kinds(written)]).toEqual([ip, ['IP_ADDRESS']])
        },
      ),
    )
  })

  it('an address of IPv6', () => {
    fc.assert(
      fc.property(
        fc
          .ipV6()
          .chain(ip => fc.tuple(fc.constant(ip), rewritten(ip, ':', [':', '[:]', '(:)', ' [:] ']))),
        ([ip, written]) => {
          expect([toIp(read(written)), kinds(written)]).toEqual([toIp(ip), ['IP_ADDRESS']])
        },
      ),
    )
  })

  it('a host', () => {
    fc.assert(
      fc.property(
        host.chain(name => fc.tuple(fc.constant(name), defanged(name))),
        ([name, written]) => {
          expect([read(written), kinds(written)]).toEqual([name, ['DOMAIN', 'APP_NAME']])
        },
      ),
    )
  })

  it('an e-mail address', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(label, host)
          .chain(([name, at]) =>
            fc.tuple(
              fc.constant(`${name}@${at}`),
              defanged(at),
              fc.constantFrom('@', '[at]', '(AT)', '[@]', ' [at] ', '{at}', '<at>'),
              fc.constantFrom('', 'mailto:'),
              fc.constant(name),
            ),
          ),
        ([address, at, sign, before, name]) => {
          const written = `${before}${name}${sign}${at}`
          expect([read(written), kinds(written)]).toEqual([address, ['EMAIL_ADDRESS']])
        },
      ),
    )
  })

  it('a web address, whatever its scheme, host and path are written like', () => {
    const schemes = ['hxxp', 'hXXp', 'HXXP', 'h**p', 'h__p', 'htxp', 'hxtp'] as const
    const colons = ['://', '[:]//', '[://]', ':[//]', '(:)//', ':\\\\'] as const
    fc.assert(
      fc.property(
        fc.record({
          scheme: fc.constantFrom(...schemes),
          s: fc.constantFrom('', 's'),
          colon: fc.constantFrom(...colons),
          names: fc
            .oneof(host, fc.ipV4())
            .chain(name => fc.tuple(fc.constant(name), defanged(name))),
          port: fc.constantFrom('', ':8080', '[:]8080'),
          path: fc.constantFrom('', '/', '/a/b.html?q=1&r=@x', '/a(b)/[c]'),
        }),
        ({ scheme, s, colon, names: [name, written], port, path }) => {
          const value = `${scheme}${s}${colon}${written}${port}${path}`
          const meant = `http${s}://${name}${port.replace('[:]', ':')}${path}`
          expect([read(value), kinds(value)]).toEqual([meant, ['URL']])
          expect(likenessTo(read(value), 'url')(meant)).toBe(true)
        },
      ),
    )
  })

  it.each([
    ['https[:]//evil.example/a[.]html', 'https://evil.example/a.html'],
    ['https://evil[.]example/a[.]html', 'https://evil.example/a.html'],
    ['fxp://evil[.]example/', 'ftp://evil.example/'],
    ['hxxp://[2001:db8::7]:8080/p', 'http://[2001:db8::7]:8080/p'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[198.51.100.9]', '198.51.100.9'],
    ['[::ffff:198[.]51[.]100[.]9]', '::ffff:198.51.100.9'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('what it is: %s', (written, meant) => {
    expect(read(written)).toBe(meant)
  })
})

describe('left as it is', () => {
  it.each([
    'https://x.example/a?q=(.)',
    'HTTPS://x.example/[at]',
    'Meet [at] work',
    'Acme (Test) [dot]',
    'slack',
    'ana@corp.example',
    '[app]',
    'mailto: notes',
  ])('is %s', value => {
    expect(read(value)).toBe(value)
  })

  it('is whatever is looked for as the name of an app alone', () => {
    expect(readSearchQuery({ value: 'asp[.]net', kinds: ['APP_NAME'] }).value).toBe('asp[.]net')
    expect(readSearchQuery({ value: 'asp[.]net' }).value).toBe('asp.net')
  })

  it('is what is read already, and any text is read in no time', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.ipV6(), fc.emailAddress()), text => {
        expect(refanged(refanged(text)).length).toBeLessThanOrEqual(refanged(text).length)
      }),
    )
    const tookMs = processorMsOf(() => {
      for (const letter of [' ', '[', '[ ', '(', '.', '[.', 'h', ':', '::', '0:'])
        refanged(letter.repeat(2_048 / letter.length))
    })
    expect(tookMs).toBeLessThan(5_000)
  })

  it('is read in no time, too, where it stands beyond as many spaces as there may be', () => {
    expect(refanged('evil  [.]   [.] example')).toBe('evil..example')
    const apart = `a${' '.repeat(2_046)}b`
    const tookMs = processorMsOf(() => {
      for (let time = 0; time < 500; time += 1) refanged(apart)
    })
    expect(tookMs).toBeLessThan(1_000)
  })
})

describe('an IP address', () => {
  const ip = likenessTo('198.51.100.9', 'ip')

  it.each([
    '198.51.100.9',
    '[198.51.100.9]',
    '::ffff:198.51.100.9',
    '::FFFF:c633:6409',
    '0:0:0:0:0:ffff:c633:6409',
    '0000:0000:0000:0000:0000:ffff:198.51.100.9',
    '[::ffff:198.51.100.9]',
  ])('of IPv4 is the same as %s', other => {
    expect(ip(other)).toBe(true)
    expect(likenessTo(other, 'ip')('198.51.100.9')).toBe(true)
    expect(likenessTo(other, 'ip')('198.51.100.10')).toBe(false)
    expect(spellingsOfIp('198.51.100.9').map(each => each.toLowerCase())).toContain(
      other.toLowerCase(),
    )
  })

  it('is one address in all its spellings, and no other', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.ipV6(), (address, other) => {
        const spellings = spellingsOfIp(address)
        for (const spelling of spellings) expect(toIp(spelling), spelling).toBe(toIp(address))
        expect(spellings).toContain(toIp(address))
        const groups = spellings.filter(isIPv6)
        for (const one of groups.slice(0, 20))
          expect(new Set(spellingsOfIp(one).map(toIp))).toEqual(new Set([toIp(address)]))
        if (toIp(other) !== toIp(address)) expect(likenessTo(other, 'ip')(address)).toBe(false)
      }),
      { numRuns: 200 },
    )
  })

  it.each(['', '1.2.3', '1.2.3.4.5', 'ffff', '[::', '::ffff:1.2.3.999', 'x%y'])(
    'is not what looks like one: %s',
    text => {
      expect(spellingsOfIp(text)).toEqual([text])
    },
  )
})

describe('a web address', () => {
  it.each([
    ['https://x.example/a?b=c', 'https://x.example/a?b=c#d'],
    ['https://x.example', 'https://X.example.:443/#top'],
    ['http://198.51.100.9/p', 'http://[::ffff:198.51.100.9]/p'],
    ['http://[2001:db8::7]/', 'http://[2001:DB8:0::7]:80'],
  ])('is the same: %s and %s', (a, b) => {
    expect(likenessTo(a, 'url')(b)).toBe(true)
    expect(likenessTo(b, 'url')(a)).toBe(true)
  })

  it.each([
    ['https://x.example/a', 'http://x.example/a'],
    ['https://x.example/a', 'https://x.example/a/'],
    ['https://x.example/a', 'https://x.example:8443/a'],
    ['https://x.example/a?b', 'https://x.example/a'],
  ])('is another: %s and %s', (a, b) => {
    expect(likenessTo(a, 'url')(b)).toBe(false)
  })
})
