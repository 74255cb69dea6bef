import { expect, test } from 'vitest'
import { toPage } from '../../../bench/report/page.ts'

const part = (title: string, missed: readonly string[] = []) => ({
  ...{
    title,
    method: `How ${title} is measured.`,
    tables: [],
    chartNames: [],
    figures: {},
    missed,
  },
  ...{ measuredAt: '2026-01-02', load: 0.5 },
})
const group = { title: 'Together', method: 'What holds for both.' }
const grouped = (...of: Parameters<typeof part>) => ({ ...part(...of), group })

/** What the page has, without what all parts say. */
const linesOf = (parts: Readonly<Record<string, ReturnType<typeof part>>>): readonly string[] =>
  toPage({ machine: {}, parts })
    .split('\n')
    .filter(line => /^#|^- |^What/.test(line))

test('parts of one group stand together below what is said of them once', () => {
  const parts = { a: part('a'), one: grouped('one'), b: part('b'), other: grouped('other') }
  expect(linesOf(parts)).toEqual([
    '# How fast it is',
    ...['## a', '## Together', group.method, '### one', '### other', '## b'],
  ])
})

test('each says what it does not keep, and when it was measured', () => {
  const page = toPage({
    machine: {},
    parts: { one: grouped('one'), other: grouped('other', ['late']) },
  })
  expect(page).toContain('by others at the start. No promise was missed.\n\n### other')
  expect(page).toContain(
    'Measured on 2026-01-02, with a load of 0.5 by others at the start. Not yet as promised:\n\n- late',
  )
})
