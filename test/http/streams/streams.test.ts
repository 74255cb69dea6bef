import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { weightOf, weightOfDocument } from '../../../src/graphql/analysis/heap-weights.ts'
import { subscriptionsIn } from '../../../src/http/streams/streams.ts'

describe('a subscription', () => {
  it('counts once for each 256 KiB that what it asks for takes, begun or full', () => {
    const document = parse('subscription { events { id } }')
    const weightWith = (letters: number): number =>
      weightOfDocument(document) + weightOf({ text: ' '.repeat(letters) }, Infinity, 300)
    const of = (letters: number): number =>
      subscriptionsIn({ document }, { text: ' '.repeat(letters) })
    const full = 262_144 - weightWith(0)
    expect([0, full, full + 1, full + 262_144, full + 262_145].map(of)).toEqual([1, 1, 2, 2, 3])
  })

  it('counts what is made of each comparison of its variables, too: 900 take more than 512 KiB', () => {
    const document = parse('subscription ($f: EventFilter) { events(filter: $f) { id } }')
    const of = (comparisons: number): number => {
      const or = Array.from({ length: comparisons }, (_, n) => ({ email: { contains: `z${n}` } }))
      return subscriptionsIn({ document }, { variables: { f: { or } } })
    }
    expect([10, 300, 600, 900].map(of)).toEqual([1, 1, 2, 3])
  })
})
