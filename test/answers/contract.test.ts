import { describe, expect, it } from 'vitest'
import type { KeptAnswers } from '../../src/answers/contract.ts'
import type { AnswersOptions } from '../../src/answers/open-answers.ts'
import { createFakeClock } from '../support/clock.ts'
import { answersMakers } from './makers.ts'
import { noise } from './noise.ts'
import { answerOf, NOW, questionOf, sparing } from './tasks-for-test.ts'

const question = questionOf('/accounts?limit=200')
const connector = { connector: 'default' }
const forEver = new AbortController().signal
const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

describe.each(answersMakers)('answers kept $name', maker => {
  const answersForTest = async (options: Partial<AnswersOptions> & { place?: string } = {}) => {
    const { place = await maker.place(), ...terms } = options
    const said: [message: string, why: string | undefined][] = []
    const answers = await maker.open(place, {
      onProblem: (message, error) => {
        said.push([message, error instanceof Error ? error.message : undefined])
      },
      ...terms,
    })
    return { ...answers, said, place }
  }

  /** The body that is found, or that it is asked for by nobody. */
  const bodyOf = async (answers: KeptAnswers, asked = question, notBefore = 0) => {
    const claim = await answers.claim(asked, notBefore, forEver)
    if (claim.kind === 'mine') claim.leave()
    return claim.kind === 'found' ? claim.answer.body : claim.kind
  }

  it('outlive their process, also what was put last', async () => {
    const first = await answersForTest()
    expect((await first.claim(question, NOW, forEver)).kind).toBe('mine')
    const answer = answerOf('{"accounts":[]}')
    first.put(question, connector, answer)
    await first.close()

    const second = await answersForTest({ place: first.place })
    expect(await second.claim(question, NOW, forEver)).toEqual({ kind: 'found', answer })
    expect(await second.kept('tenant')).toEqual({ answers: 1, oldestAt: NOW })
    expect(await second.kept('other')).toBeUndefined()
    expect((await second.usage()).get('default')?.answers).toBe(1)
    expect(second.standing()).toEqual({ flaw: undefined, deaths: 0 })
    expect([...first.said, ...second.said]).toEqual([])
  })

  it('are kept where they are closed before they were ever asked for', async () => {
    const first = await answersForTest()
    first.put(question, connector, answerOf('[]'))
    await first.close()
    const second = await answersForTest({ place: first.place })
    expect((await second.claim(question, NOW, forEver)).kind).toBe('found')
  })

  it('are neither found nor kept once they are closed, and nobody is held up', async () => {
    const answers = await answersForTest()
    await answers.close()
    await answers.close()
    answers.put(question, connector, answerOf('[]'))
    const claim = await answers.claim(question, NOW, forEver)
    expect(claim.kind).toBe('mine')
    if (claim.kind === 'mine') claim.leave()
    expect(await answers.kept('tenant')).toBeUndefined()
    expect((await answers.usage()).size).toBe(0)
    await expect(answers.forgetConnector('default')).rejects.toThrow('is closed')
  })

  it('are found by whoever wants one asked for since a moment, to the millisecond', async () => {
    const answers = await answersForTest()
    answers.put(question, connector, answerOf('[]', NOW - 5))
    await answers.usage()
    expect(await bodyOf(answers, question, NOW - 5)).toBe('[]')
    expect(await bodyOf(answers, question, NOW - 4)).toBe('mine')
    expect(await bodyOf(answers, questionOf('/accounts?limit=20'))).toBe('mine')
    expect(await bodyOf(answers, questionOf('/accounts?limit=200', 'other'))).toBe('mine')
  })

  it('are never replaced by one that was asked for earlier, whoever has it', async () => {
    const one = await answersForTest()
    const other = await answersForTest({ place: one.place })
    one.put(question, connector, answerOf('second', NOW))
    await one.usage()
    other.put(question, connector, answerOf('first', NOW - 1))
    other.put(question, connector, answerOf('at once', NOW))
    await other.usage()
    expect(await bodyOf(one)).toBe('second')
    other.put(question, connector, answerOf('third', NOW + 1))
    await other.usage()
    expect(await bodyOf(one)).toBe('third')
  })

  it('asked for by a clock that ran ahead are not found, and any other takes their place', async () => {
    const answers = await answersForTest()
    answers.put(question, connector, answerOf('ahead', NOW + 1_001))
    await answers.usage()
    expect(await bodyOf(answers)).toBe('mine')
    answers.put(question, connector, answerOf('right'))
    await answers.usage()
    expect(await bodyOf(answers)).toBe('right')
  })

  describe('read page after page', () => {
    const pages = Array.from({ length: 60 }, (_, n) => questionOf(`/accounts?nextToken=${n}`))
    const fill = async (answers: KeptAnswers, sizeOf = (n: number): number => n % 7) => {
      for (const [n, page] of pages.entries())
        answers.put(page, connector, answerOf(`${n} ${'x'.repeat(sizeOf(n))}`, NOW - 1_000 + n))
      await answers.usage()
    }
    const readAll = async (answers: KeptAnswers): Promise<readonly number[]> => {
      const bodies: string[] = []
      for (const page of pages) bodies.push(await bodyOf(answers, page))
      return bodies.map(body => Number(body.split(' ')[0]))
    }
    const inOrder = pages.map((_, n) => n)

    it.each([
      ['open', []],
      ['sealed', [key(1)]],
    ])('are all found, each with its own body, other lists beside: %s', async (_, dataKeys) => {
      const answers = await answersForTest({ dataKeys })
      await fill(answers)
      answers.put(questionOf('/apps?limit=200'), connector, answerOf('apps', NOW - 990.5))
      for (const [n, { path }] of pages.entries())
        answers.put(questionOf(path, 'other'), connector, answerOf('other', NOW - 999.5 + n))
      await answers.usage()
      expect(await readAll(answers)).toEqual(inOrder)
    })

    it('are all found where they are large, or out of order, or some of them sealed with an older key', async () => {
      const place = await maker.place()
      const before = await answersForTest({ place, dataKeys: [key(1)] })
      await fill(before, n => (n % 10 === 3 ? 3_000_000 : 10))
      const answers = await answersForTest({ place, dataKeys: [key(2), key(1)] })
      for (const n of [20, 21, 30])
        answers.put(pages[n] ?? question, connector, answerOf(`${n} `, NOW - 500 - n))
      await answers.usage()
      expect(await readAll(answers)).toEqual(inOrder)
    })

    it('are given as new as somebody wants them, and as this process has put them meanwhile', async () => {
      const answers = await answersForTest()
      await fill(answers)
      for (const page of pages.slice(0, 10)) await bodyOf(answers, page)
      expect(await bodyOf(answers, pages[10], NOW - 1_000 + 11)).toBe('mine')
      answers.put(pages[12] ?? question, connector, answerOf('newer', NOW))
      await answers.usage()
      expect(await bodyOf(answers, pages[11])).toMatch(/^11 /)
      expect(await bodyOf(answers, pages[12])).toBe('newer')
    })

    it.each(['connector', 'text'] as const)('are forgotten, too: by %s', async by => {
      const answers = await answersForTest()
      await fill(answers)
      for (const page of pages.slice(0, 10)) await bodyOf(answers, page)
      expect(
        by === 'connector'
          ? await answers.forgetConnector('default')
          : await answers.forgetText('11 xxxx'),
      ).toBeGreaterThan(0)
      expect(await bodyOf(answers, pages[11])).toBe('mine')
    })

    it('are given to nobody who has left', async () => {
      const answers = await answersForTest()
      await fill(answers)
      for (const page of pages.slice(0, 10)) await bodyOf(answers, page)
      const left = AbortSignal.abort(new Error('left'))
      await expect(answers.claim(pages[10] ?? question, 0, left)).rejects.toThrow('left')
    })
  })

  it('are forgotten by connector and by text, as often as that is asked', async () => {
    const answers = await answersForTest()
    answers.put(questionOf('/a'), connector, answerOf('{"email":"Someone@example.com"}'))
    answers.put(questionOf('/b'), connector, answerOf('{"email":"other@example.com"}'))
    answers.put(questionOf('/c'), { connector: 'other' }, answerOf('[]'))
    await answers.usage()
    expect(await answers.forgetText('')).toBe(0)
    expect(await answers.forgetText('someone@example.com')).toBe(1)
    expect(await answers.forgetText('someone@example.com')).toBe(0)
    expect(await answers.forgetConnector('default')).toBe(1)
    expect(await answers.forgetConnector('default')).toBe(0)
    expect([...(await answers.usage()).keys()]).toEqual(['other'])
  })

  it.each([
    ['open', []],
    ['sealed', [key(1)]],
  ])('are forgotten where body or question holds a text, and no other: %s', async (_, dataKeys) => {
    const answers = await answersForTest({ dataKeys })
    const kept = Array.from({ length: 45 }, (_, index) => `/${index}`)
    const put = (path: string, email: string): void => {
      answers.put(questionOf(path), connector, answerOf(`{"email":"${email}"}`))
    }
    for (const path of kept) put(path, 'other@example.com')
    put('/gone', 'Someone@Example.com')
    put('/gone too', '\\u0073omeone\\u0040example.com')
    put('/gone?email=SOMEONE%40example.com', '')
    put('/d', 'someone@example.co')
    await answers.usage()
    expect(await answers.forgetText('someone@example.com')).toBe(3)
    for (const path of [...kept, '/d'])
      expect(await bodyOf(answers, questionOf(path))).toContain('@')
    expect(await bodyOf(answers, questionOf('/gone'))).toBe('mine')
  })

  it('can be read with their key alone; what cannot be read is forgotten with any text', async () => {
    const { place, ...sealing } = await answersForTest({ dataKeys: [key(1)] })
    sealing.put(question, connector, answerOf('sealed', NOW - 5))
    await sealing.usage()
    const rotated = await answersForTest({ place, dataKeys: [key(2), key(1)] })
    expect(await bodyOf(rotated)).toBe('sealed')
    const another = await answersForTest({ place, dataKeys: [key(2)] })
    expect(await bodyOf(another)).toBe('mine')
    expect(await another.kept('tenant')).toBeUndefined()
    expect(await bodyOf(await answersForTest({ place }))).toBe('mine')
    rotated.put(question, connector, answerOf('too old', NOW - 6))
    await rotated.usage()
    expect(await bodyOf(sealing)).toBe('sealed')
    rotated.put(question, connector, answerOf('new'))
    await rotated.usage()
    expect(await bodyOf(sealing)).toBe('mine')
    expect(await bodyOf(another)).toBe('new')
    expect((await another.usage()).get('default')?.answers).toBe(1)
    expect(await sealing.forgetText('nobody@example.com')).toBe(1)
  })

  it('of some megabytes are kept like any other', async () => {
    const answers = await answersForTest()
    const body = `{"rows":["${noise(3_000_000)}"]}`
    answers.put(question, connector, answerOf(body))
    await answers.usage()
    expect(await bodyOf(answers)).toBe(body)
  })

  it('go by and by when they are too old, but not while their connector fails', async () => {
    const clock = createFakeClock({ startMs: NOW })
    let failing = ['default']
    const spared = () => sparing(failing)
    const answers = await answersForTest({ clock, keepMs: 60_000, spared })
    answers.put(question, connector, answerOf('[]'))
    answers.put(questionOf('/b'), { connector: 'other' }, answerOf('[]'))
    const kept = async () => [...(await answers.usage()).keys()].sort()
    await expect.poll(kept).toEqual(['default', 'other'])
    await clock.advance(59_999)
    expect(await kept()).toEqual(['default', 'other'])
    const passes = async () => {
      await clock.advance(60_000)
      return kept()
    }
    await expect.poll(passes).toEqual(['default'])
    failing = []
    await expect.poll(passes).toEqual([])
  })

  it('stay beyond their time as long as they are needed, those of that connector, list and time alone', async () => {
    const clock = createFakeClock({ startMs: NOW })
    let needed = [{ connector: 'default', list: '/accounts', from: NOW - 20, until: NOW - 10 }]
    const spared = () => sparing([], needed)
    const answers = await answersForTest({ clock, keepMs: 60_000, spared })
    const put = (path: string, ago: number, of = 'default') => {
      answers.put(questionOf(`/${path}`), { connector: of }, answerOf(path, NOW - ago))
    }
    const left = async () => {
      await clock.advance(60_000)
      const all = ['accounts', 'accounts?n=2', 'accounts?n=3', 'accounts?n=4', 'accounts?n=5']
      const found = []
      for (const path of [...all, 'apps']) found.push(await bodyOf(answers, questionOf(`/${path}`)))
      return found.filter(body => body !== 'mine')
    }
    put('accounts', 20)
    put('accounts?n=2', 10)
    put('accounts?n=3', 21)
    put('accounts?n=4', 9)
    put('accounts?n=5', 15, 'other')
    put('apps', 15)
    await answers.usage()
    await expect.poll(left).toEqual(['accounts', 'accounts?n=2'])
    needed = []
    await expect.poll(left).toEqual([])
  })

  it('go, the oldest first, where there are more than may be kept', async () => {
    const maxBytes = 400_000
    const answers = await answersForTest({ maxBytes })
    for (let n = 0; n < 40; n += 1) {
      answers.put(questionOf(`/${n}`), connector, answerOf(noise(30_000, n + 1), NOW - 40 + n))
      await answers.usage()
    }
    const bytes = async () => (await answers.usage()).get('default')?.bytes ?? 0
    await expect.poll(bytes).toBeLessThanOrEqual(maxBytes)
    const found: string[] = []
    for (let n = 0; n < 40; n += 1)
      if ((await bodyOf(answers, questionOf(`/${n}`))) !== 'mine') found.push(`/${n}`)
    expect(found.length).toBeGreaterThan(5)
    expect(found).toEqual(
      Array.from({ length: found.length }, (_, n) => `/${40 - found.length + n}`),
    )
  })

  describe('who finds somebody else asking', () => {
    /** One process that asks, and another one that wants to. */
    const two = async () => {
      const one = await answersForTest()
      const other = await answersForTest({ place: one.place })
      const claim = await one.claim(question, NOW, forEver)
      if (claim.kind !== 'mine') throw new Error('Nobody has asked yet')
      return { one, other, leave: claim.leave }
    }

    it('gets the answer of that one', async () => {
      const { one, other } = await two()
      const waiting = other.claim(question, NOW, forEver)
      one.put(question, connector, answerOf('[]'))
      expect(await waiting).toEqual({ kind: 'found', answer: answerOf('[]') })
    })

    it('asks where that one leaves without an answer', async () => {
      const { other, leave } = await two()
      const waiting = other.claim(question, NOW, forEver)
      leave()
      leave()
      expect((await waiting).kind).toBe('mine')
    })

    it('asks where what that one will get is too old', async () => {
      const { other } = await two()
      expect((await other.claim(question, NOW + 1, forEver)).kind).toBe('mine')
    })

    it('waits for what follows on an answer of a clock that is ahead of both by up to a second', async () => {
      const { one, other } = await two()
      const next = questionOf('/accounts?nextToken=next')
      const ahead = NOW + 1_000
      expect((await one.claim(next, ahead, forEver)).kind).toBe('mine')
      const waiting = other.claim(next, ahead, forEver)
      one.put(next, connector, answerOf('[]'))
      expect(await waiting).toMatchObject({ kind: 'found', answer: { askedAt: ahead } })
      expect((await one.claim(next, ahead + 1, forEver)).kind).toBe('mine')
      expect((await other.claim(next, ahead + 1, forEver)).kind).toBe('mine')
    })

    it('asks where that one is closed', async () => {
      const { one, other } = await two()
      const waiting = other.claim(question, NOW, forEver)
      await one.close()
      expect((await waiting).kind).toBe('mine')
    })

    it('may leave, while it waits or before', async () => {
      const { other } = await two()
      const reader = new AbortController()
      const waiting = other.claim(question, NOW, reader.signal)
      reader.abort(new Error('The reader left'))
      await expect(waiting).rejects.toThrow('The reader left')
      await expect(other.claim(question, NOW, reader.signal)).rejects.toThrow('The reader left')
    })

    it('claims nothing for a reader who left meanwhile', async () => {
      const { one, other, leave } = await two()
      leave()
      const reader = new AbortController()
      const claiming = other.claim(question, NOW, reader.signal)
      reader.abort(new Error('The reader left'))
      await expect(claiming).rejects.toThrow('The reader left')
      expect((await one.claim(question, NOW, forEver)).kind).toBe('mine')
    })
  })
})
