import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TOLERANCE_SECONDS } from '../../src/model/events.ts'
import { sign, verify } from '../../src/webhooks/signature.ts'
import { sample } from '../support/deliveries.ts'

const NOW = 1_757_404_800
const secret = 'psws_ad9d0bba8260baf774c3821acaff1b7d'

/** The signature as the documentation describes it, computed without the code under test. */
const documented = (t: number | string, body: Uint8Array, key = secret): string =>
  createHmac('sha256', key)
    .update(Buffer.concat([Buffer.from(`${t}.`), body]))
    .digest('hex')

const check = (header: string | undefined, body: Uint8Array, nowSeconds = NOW) =>
  verify({ header, body, secrets: [secret], nowSeconds })

const body = sample('LOGIN-1')
const genuine = `t=${NOW},v1=${documented(NOW, body)}`

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

describe('a signature', () => {
  it('is accepted as documented, in upper and in lower case', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.boolean(), (bytes, upper) => {
        const hex = documented(NOW, bytes)
        const header = `t=${NOW},v1=${upper ? hex.toUpperCase() : hex}`
        expect(check(header, bytes)).toEqual({ ok: true, signedAt: NOW })
      }),
    )
  })

  it('is made as Push makes it, in upper case', () => {
    expect(sign(secret, NOW, body)).toBe(`t=${NOW},v1=${documented(NOW, body).toUpperCase()}`)
  })

  it('fits no body that differs in any one bit', () => {
    for (let bit = 0; bit < body.length * 8; bit++)
      expect(check(genuine, flipped(body, bit))).toEqual({ ok: false, reason: 'mismatch' })
  })

  it('fits no other signature that differs in any one bit', () => {
    const mac = Buffer.from(documented(NOW, body), 'hex')
    for (let bit = 0; bit < mac.length * 8; bit++) {
      const header = `t=${NOW},v1=${Buffer.from(flipped(mac, bit)).toString('hex')}`
      expect(check(header, body)).toEqual({ ok: false, reason: 'mismatch' })
    }
  })

  it('fits no other time, also one within the tolerance', () => {
    fc.assert(
      fc.property(fc.integer({ min: -TOLERANCE_SECONDS, max: TOLERANCE_SECONDS }), apart => {
        const header = `t=${NOW + apart},v1=${documented(NOW, body)}`
        expect(check(header, body).ok).toBe(apart === 0)
      }),
    )
  })

  it('fits no body that was parsed and written again', () => {
    const again = Buffer.from(JSON.stringify(JSON.parse(body.toString('utf8'))))
    expect(again.equals(body)).toBe(false)
    expect(check(genuine, again)).toEqual({ ok: false, reason: 'mismatch' })
  })

  it('is accepted under any of several secrets, and under no other', () => {
    const others = { header: genuine, body, nowSeconds: NOW }
    expect(verify({ ...others, secrets: ['psws_new', secret] }).ok).toBe(true)
    expect(verify({ ...others, secrets: ['psws_new', 'psws_old'] })).toEqual({
      ok: false,
      reason: 'mismatch',
    })
    expect(verify({ ...others, secrets: [] })).toEqual({ ok: false, reason: 'no secret' })
  })

  it.each([
    [-TOLERANCE_SECONDS - 1, 'too new'],
    [-TOLERANCE_SECONDS, undefined],
    [TOLERANCE_SECONDS, undefined],
    [TOLERANCE_SECONDS + 1, 'too old'],
  ])('signed %i s before we look at it is %s', (age, reason) => {
    const t = NOW - age
    const verdict = check(`t=${t},v1=${documented(t, body)}`, body, NOW + 0.9)
    expect(verdict).toEqual(
      reason === undefined ? { ok: true, signedAt: t } : { ok: false, reason },
    )
  })
})

describe('the header', () => {
  const v1 = documented(NOW, body)

  it.each([
    ['parts the other way round', `v1=${v1},t=${NOW}`],
    ['blanks around the comma', `t=${NOW} , v1=${v1}`],
    ['blanks at both ends', `  t=${NOW},v1=${v1}\t`],
    ['a part that Push may add', `t=${NOW},v1=${v1},v2=ab`],
    ['a part whose value has equals signs', `t=${NOW},v2=YWJj==,v1=${v1}`],
    ['parts without a value', `new,t=${NOW},,v1=${v1},=,x=`],
    ['a comma at the end', `t=${NOW},v1=${v1},`],
    ['another signature before', `t=${NOW},v1=${'0'.repeat(64)},v1=${v1}`],
    ['another signature behind', `t=${NOW},v1=${v1},v1=${'0'.repeat(64)}`],
    ['a signature beside it that is none', `t=${NOW},v1=ab,v1=${v1}`],
  ])('is read with %s', (_, header) => {
    expect(check(header, body).ok).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['a comma', ','],
    ['no time', `v1=${v1}`],
    ['no signature', `t=${NOW}`],
    ['an empty time', `t=,v1=${v1}`],
    ['an empty signature', `t=${NOW},v1=`],
    ['two times', `t=${NOW},t=${NOW},v1=${v1}`],
    ['a signature too short', `t=${NOW},v1=${v1.slice(2)}`],
    ['a signature too long', `t=${NOW},v1=${v1}00`],
    ['half a byte', `t=${NOW},v1=${v1.slice(1)}`],
    ['letters that are no hex', `t=${NOW},v1=${'g'.repeat(64)}`],
    ['a time that is no number', `t=now,v1=${v1}`],
    ['a time below zero', `t=-1,v1=${v1}`],
    ['a time with a fraction', `t=${NOW}.5,v1=${v1}`],
    ['a blank before the equals sign', `t =${NOW},v1=${v1}`],
    ['a blank behind the equals sign', `t=${NOW},v1= ${v1}`],
    ['two equals signs', `t=${NOW},v1==${v1}`],
    ['another name in capitals', `T=${NOW},V1=${v1}`],
  ])('is refused with %s', (_, header) => {
    expect(check(header, body)).toEqual({ ok: false, reason: 'unreadable header' })
  })

  it('is read among whatever other parts, in any order', () => {
    const other = fc
      .tuple(fc.stringMatching(/^[a-z0-9]{0,4}$/), fc.stringMatching(/^[ -+\--~]{0,9}$/))
      .map(([name, value]) => (name === '' ? value : `${name}=${value}`))
      .filter(part => !/^\s*(t|v1)=/.test(part))
    const header = fc
      .array(other, { maxLength: 5 })
      .chain(others =>
        fc.shuffledSubarray([`t=${NOW}`, `v1=${v1}`, ...others], { minLength: others.length + 2 }),
      )
    fc.assert(
      fc.property(header, parts => {
        expect(check(parts.join(','), body)).toEqual({ ok: true, signedAt: NOW })
      }),
    )
  })

  it('with wrong signatures alone, however many, is refused', () => {
    const wrong = Array.from({ length: 40 }, (_, index) => `v1=${String(index).padStart(64, '0')}`)
    expect(check(`t=${NOW},${wrong.join(',')}`, body)).toEqual({ ok: false, reason: 'mismatch' })
  })

  it('may not be missing', () => {
    expect(check(undefined, body)).toEqual({ ok: false, reason: 'no header' })
  })

  it('never throws, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), header => {
        expect(check(header, body).ok).toBe(false)
      }),
    )
  })
})
