import { describe, expect, it } from 'vitest'
import { createPageSize } from '../../../src/upstream/state/page-size.ts'

const setUp = (kept?: string) => {
  const facts = new Map(kept === undefined ? [] : [['pageSize', kept]])
  const size = createPageSize({
    get: name => facts.get(name),
    set: (name, verdict) => void facts.set(name, verdict),
    all: () => facts,
  })
  return { size, facts }
}

describe('the page size', () => {
  it('is presumed 200, while 1,000 are asked for to learn it', () => {
    const { size } = setUp()
    expect(size.known()).toBe(200)
    expect(size.limit(undefined)).toBe(1000)
    expect(size.limit(5000)).toBe(1000)
    expect(size.limit(50)).toBe(50)
    expect(size.limit(0)).toBe(1)
  })

  it('is what came when fewer rows than asked for come and more follow', () => {
    const { size } = setUp()
    size.answered(1000, 250, true)
    expect(size.known()).toBe(250)
    expect(size.limit(undefined)).toBe(250)
    expect(size.limit(50)).toBe(50)
  })

  it('is 1,000 when that many come', () => {
    const { size } = setUp()
    size.answered(1000, 1000, false)
    expect(size.known()).toBe(1000)
  })

  it.each([
    { case: 'a last page', limit: 1000, sent: 37, more: false },
    { case: 'an empty page', limit: 1000, sent: 0, more: true },
    { case: 'a full page of a smaller limit', limit: 50, sent: 50, more: true },
  ])('is not learnt from $case', ({ limit, sent, more }) => {
    const { size, facts } = setUp()
    size.answered(limit, sent, more)
    expect(facts.size).toBe(0)
  })

  it('does not stick to a page that was short for another reason', () => {
    const { size } = setUp()
    size.answered(1000, 37, true)
    expect(size.known()).toBe(37)
    expect(size.limit(undefined)).toBe(1000)
    size.answered(1000, 200, true)
    expect(size.known()).toBe(200)
    size.answered(200, 100, true)
    size.answered(200, 200, true)
    size.answered(200, 100, true)
    expect(size.known()).toBe(200)
  })

  it('follows an API that gives less than it used to', () => {
    const { size } = setUp('500')
    size.answered(500, 250, true)
    size.answered(500, 250, true)
    expect(size.known()).toBe(250)
  })

  it('falls back to 200 when a larger limit is refused', () => {
    const { size } = setUp()
    expect(size.refused(1000)).toBe(200)
    expect(size.refused(200)).toBeUndefined()
    size.accepted(200)
    expect(size.limit(undefined)).toBe(200)
  })

  it.each(['', 'many', '-1', '0', '1.5'])('ignores a kept fact that is none: %j', kept => {
    expect(setUp(kept).size.known()).toBe(200)
  })
})
