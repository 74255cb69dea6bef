import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toFrame } from '../../../src/sinks/senders/syslog-message.ts'
import { makeItem } from '../../support/sinks/items.ts'

const origin = { facility: 'local0', hostname: 'host', appName: 'pushgraph' } as const

const headOf = (frame: string): string => /^\d+ (.*?) \[/.exec(frame)?.[1] ?? ''

test.each([
  [undefined, 134],
  [0, 134],
  [1, 134],
  [2, 133],
  [3, 132],
  [4, 131],
  [5, 130],
  [6, 129],
  [99, 134],
])('severity %s of OCSF makes the priority %i of local0', (severity, priority) => {
  const { severity: _, ...plain } = makeItem('one')
  const frame = toFrame(severity === undefined ? plain : { ...plain, severity }, origin)
  expect(headOf(frame)).toMatch(new RegExp(`^<${priority}>1 `))
})

test.each([
  ['a moment', 1_767_268_800_007, '2026-01-01T12:00:00.007Z'],
  ['one that no calendar has', NaN, '-'],
  ['one beyond the year 9999', Date.UTC(10_000, 0), '-'],
])('the time is %s', (_, time, text) => {
  expect(headOf(toFrame(makeItem('one', { time }), origin))).toBe(
    `<131>1 ${text} host pushgraph - Detection_Finding`,
  )
})

test('names keep to what their places hold', () => {
  const long = { facility: 'kern', hostname: 'h'.repeat(300), appName: '' } as const
  const frame = toFrame(makeItem('one', { className: 'c'.repeat(40) }), long)
  expect(headOf(frame).split(' ')).toEqual([
    '<3>1',
    '2026-01-01T12:00:00.007Z',
    'h'.repeat(255),
    '-',
    '-',
    'c'.repeat(32),
  ])
})

test('whatever is in it, a frame is ASCII of the length that it says, and its JSON is the item’s', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), fc.string({ unit: 'binary' }), (line, id) => {
      const frame = toFrame(makeItem(id, { line }), origin)
      const [, length = '', message = ''] = /^(\d+) ([\x20-\x7e]*)$/.exec(frame) ?? []
      expect(message).toHaveLength(Number(length))
      // The first bracket that no backslash stands before ends the structured data.
      const [, json = ''] = /^.*?(?<!\\)\] (.*)$/.exec(message.replaceAll('\\\\', '__')) ?? []
      expect(json).not.toBe('')
      expect(JSON.parse(message.slice(message.length - json.length))).toEqual(JSON.parse(line))
    }),
    { examples: [['"\x7f é 🔑 \ud800"', '\x7f é 🔑']] },
  )
})
