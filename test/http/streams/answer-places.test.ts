import { expect, test } from 'vitest'
import { AnswerText } from '../../../src/graphql/operation/answer-text.ts'
import { AnswerPlaces } from '../../../src/http/streams/answer-places.ts'

test('an answer whose text is ready stands in its message as it is', () => {
  const places = new AnswerPlaces()
  const texts = ['{"a":"$& and $1"}', '{"b":[1,2]}', 'null']
  const messages = texts.map(text =>
    JSON.stringify({
      id: '1',
      type: 'next',
      payload: places.hold({ data: new AnswerText(text) as never }),
    }),
  )
  // They may leave in another order.
  for (const index of [2, 0, 1])
    expect(places.fill(messages[index] ?? '')).toBe(
      `{"id":"1","type":"next","payload":{"data":${texts[index]}}}`,
    )
})

test('a message without such an answer is sent as it is, also while one waits', () => {
  const places = new AnswerPlaces()
  const message = JSON.stringify({ id: 'answer-', type: 'next', payload: { data: { a: 1 } } })
  expect(places.fill(message)).toBe(message)
  places.hold({ data: new AnswerText('{}') as never })
  expect(places.fill(message)).toBe(message)
  expect(places.hold({ data: { a: 1 } })).toEqual({ data: { a: 1 } })
})
