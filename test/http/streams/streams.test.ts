import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { weightOf, weightOfDocument } from '../../../src/graphql/analysis/heap-weights.ts'
import { subscriptionsIn } from '../../../src/http/streams/streams.ts'

describe('a subscription', () => {
  it('counts once for each 256 KiB that what it asks for takes, begun or full', () => {
    const document = parse('subscription { events { id } }')
    const weightWith = (letters: number): number =>
      weightOfDocument(document) + weightOf({ text: ' '.repeat(letters) })
    const of = (letters: number): number =>
      subscriptionsIn({ document }, { text: ' '.repeat(letters) })
    const full = 262_144 - weightWith(0)
    expect([0, full, full + 1, full + 262_144, full + 262_145].map(of)).toEqual([1, 1, 2, 2, 3])
  })
})
