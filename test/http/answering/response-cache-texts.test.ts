import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMetBefore } from '../../../src/http/answering/response-cache.ts'

describe('a text', () => {
  test('that came just now is met again, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), text => {
        const metBefore = createMetBefore()
        expect([metBefore(text), metBefore(text)]).toEqual([false, true])
      }),
    )
  })

  test.each([10, 500, 1_100, 5_000])('is told from others like it, of %d letters more', letters => {
    const document = `"query":"${'x'.repeat(letters)}"`
    for (const textOf of [
      (n: number) => `{${document},"variables":{"id":"${n}"}}\naccept: */*`,
      (n: number) => `{"variables":{"id":"${n}"},${document}}\naccept: */*`,
    ]) {
      const metBefore = createMetBefore()
      let mistaken = 0
      for (let n = 0; n < 10_000; n += 1) if (metBefore(textOf(n))) mistaken += 1
      expect(mistaken).toBeLessThanOrEqual(1)
    }
  })

  test('is remembered while hundreds of others come, and not for ever', () => {
    const metBefore = createMetBefore()
    const remembered = (others: number): number => {
      const own = Array.from({ length: 100 }, (_, n) => `own ${n} beside ${others}`)
      for (const text of own) metBefore(text)
      for (let n = 0; n < others; n += 1) metBefore(`other ${n} of ${others}`)
      return own.filter(metBefore).length
    }
    expect(remembered(400)).toBeGreaterThan(80)
    expect(remembered(100_000)).toBeLessThan(5)
  })
})
