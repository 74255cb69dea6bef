/** The alert rules for Grafana: what they compare, and when they compare nothing. */
import { describe, expect, test, vi } from 'vitest'
import type { InfinityQuery } from '../../../examples/grafana/source/infinity.ts'
import { demoAppForFile } from '../../support/demo-app.ts'
import { answerTo, askedByRules, listed, rules } from '../../support/grafana-views.ts'
import { frameOf } from '../../support/infinity.ts'

const valueOf = async (uid: string, answer: unknown): Promise<number | undefined> => {
  const query = rules.find(rule => rule.uid === `pushgraph-${uid}`)?.data[0]?.model
  const found = await frameOf(query as InfinityQuery, answer)
  return found?.['A']?.[0] as number | undefined
}
const counts = ['severe-detections', 'stolen-credentials', 'sensitive-without-mfa']

describe('while Push does not answer', () => {
  const app = demoAppForFile(() => ({
    ...listed,
    PUSH_API_KEY: 'key',
    // Nobody listens there.
    PUSH_API_URL: 'http://127.0.0.1:9',
    PUSHGRAPH_MAX_WAIT_MS: '1000',
  }))

  test('no count is compared, and the one that says so comes', async () => {
    const [first] = askedByRules
    if (first === undefined) throw new Error('There is no rule')
    const { status, answer } = await answerTo(app.url, first.query)
    expect([status, answer.extensions.pushgraph.complete]).toEqual([200, false])
    for (const uid of counts) expect([uid, await valueOf(uid, answer)]).toEqual([uid, undefined])
    expect(await valueOf('not-whole', answer)).toBe(1)
    // Known to fail once it was asked.
    await vi.waitFor(
      async () => {
        const { answer: next } = await answerTo(app.url, first.query)
        expect(await valueOf('connectors-failing', next)).toBe(1)
      },
      { timeout: 120_000 },
    )
  })
})

test('a count that is not whole is none, however high', async () => {
  const answer = (complete: boolean) => ({
    data: {
      severeDetections: { totalCount: 7 },
      stolenCredentials: { totalCount: 8 },
      sensitiveWithoutMfa: { totalCount: 900 },
      connectors: [{ alias: 'a', status: 'OK' }],
    },
    extensions: { pushgraph: { complete } },
  })
  for (const uid of counts) {
    expect([uid, await valueOf(uid, answer(false))]).toEqual([uid, undefined])
    expect(await valueOf(uid, answer(true))).toBeGreaterThan(0)
  }
  expect(await valueOf('not-whole', answer(false))).toBe(1)
  expect(await valueOf('not-whole', answer(true))).toBe(0)
  expect(await valueOf('connectors-failing', answer(true))).toBe(0)
})
