import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNegotiation } from '../../../src/http/streams/negotiation.ts'

const acceptedBy = createNegotiation()

describe('a caller who accepts', () => {
  it.each<[accept: string | undefined, accepted: ReturnType<typeof acceptedBy>]>([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['application/json, */*', 'json'],
    ['*/*, application/json;q=0, application/graphql-response+json;q=0', 'stream'],
    ['application/json, text/*;q=0.1', 'either'],
    ['application/json', 'json'],
    ['APPLICATION/GraphQL-response+JSON; charset=utf-8', 'json'],
    ['text/event-stream', 'stream'],
    ['Text/Event-Stream; charset=UTF-8', 'stream'],
    ['text/*', 'stream'],
    // As urql asks.
    [
      'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
      'either',
    ],
    ['text/event-stream;q=0, application/json', 'json'],
    ['application/json, text/event-stream ; q=0.5', 'either'],
    ['text/event-stream, application/json;q=0.000', 'stream'],
    ['text/event-stream, application/json;q=0, application/graphql-response+json;q=0.0', 'stream'],
    ['text/event-stream, application/*;q=0', 'stream'],
    ['*/*, text/event-stream;q=0', 'json'],
    ['*/*;q=0, text/event-stream', 'stream'],
    ['*/*;q=0.1, text/event-stream', 'either'],
    ['text/html, */*', 'json'],
    ['text/event-streams', 'json'],
    ['x-text/event-stream', 'json'],
    ['text/html', 'json'],
    ['', 'json'],
    [';;,, =, text/event-stream', 'stream'],
  ])('%s is given %s', (accept, accepted) => {
    expect(acceptedBy(accept)).toBe(accepted)
    expect(acceptedBy(accept)).toBe(accepted)
  })

  it('a stream in a header of up to a thousand letters, and JSON in a longer one', () => {
    const ofLength = (letters: number): string =>
      `text/event-stream, ${'x'.repeat(letters - 'text/event-stream, /y'.length)}/y`
    expect(ofLength(1_000)).toHaveLength(1_000)
    expect(acceptedBy(ofLength(1_000))).toBe('stream')
    expect(acceptedBy(ofLength(1_001))).toBe('json')
  })

  it('any mixture of types with any weights is understood as HTTP has it', () => {
    const range = fc.constantFrom(
      'application/json',
      'application/graphql-response+json',
      'text/event-stream',
      'application/*',
      'text/*',
      '*/*',
      'text/html',
    )
    const weight = fc.constantFrom('', ';q=1', ';q=1.000', '; q=0.3', ' ;q=0.001', ';q=0', ';Q=0.0')
    const listed = fc.uniqueArray(fc.record({ range, weight }), {
      minLength: 1,
      selector: each => each.range,
    })
    fc.assert(
      fc.property(listed, ranges => {
        const takes = (type: string): boolean => {
          // The most specific of the ranges that the type is in says.
          const said = [type, type.replace(/\/.*/, '/*'), '*/*']
            .map(name => ranges.find(each => each.range === name))
            .find(found => found !== undefined)
          return said !== undefined && !/q=0(\.0*)?$/i.test(said.weight)
        }
        const json = takes('application/json') || takes('application/graphql-response+json')
        const isNamed = ranges.some(
          ({ range, weight }) =>
            ['text/event-stream', 'text/*'].includes(range) && !/q=0(\.0*)?$/i.test(weight),
        )
        const expected = !takes('text/event-stream')
          ? 'json'
          : !json
            ? 'stream'
            : isNamed
              ? 'either'
              : 'json'
        expect(acceptedBy(ranges.map(each => each.range + each.weight).join(', '))).toBe(expected)
      }),
    )
  })
})
