import { describe, expect, it } from 'vitest'
import { Turns } from '../../src/work/turns.ts'
import { Work } from '../../src/work/work.ts'
import { hastyTurns, workInOneTurn } from '../support/work.ts'

const codeOf = (failure: unknown): unknown => failure

describe('the work of an operation', () => {
  it('is over with its turn, and goes on in the next one', async () => {
    const work = new Work({ turns: hastyTurns(1) })
    const steps: boolean[] = []
    while (steps.length < 100 && work.spend(1_000_000)) steps.push(true)
    expect(steps.length).toBeGreaterThan(0)
    expect(steps.length).toBeLessThan(100)
    expect(work.isKnownOver).toBe(true)
    await work.next()
    expect(work.isKnownOver).toBe(false)
    expect(work.spend(1)).toBe(true)
  })

  it('looks at the time more often where steps take longer than was guessed', () => {
    let [now, looks] = [0, 0]
    const turns = new Turns({
      now: () => {
        looks += 1
        return now
      },
      cpu: () => now,
      defer: () => undefined,
    })
    const work = new Work({ turns })
    // Each is guessed to take 0.1 us and takes 100.
    for (let step = 0; step < 1_000 && work.spend(100); step += 1) now += 0.1
    expect(now).toBeLessThan(15)
    expect(looks).toBeGreaterThan(2)
  })

  it('counts a large answer among those of who pays for it', () => {
    const held = new Map<string, number>()
    const add = (payer: string, bytes: number): undefined => {
      held.set(payer, (held.get(payer) ?? 0) + bytes)
    }
    const answers = { take: add, give: (payer: string, bytes: number) => add(payer, -bytes) }
    const work = workInOneTurn({ caller: 'all', payer: 'one', answers })
    work.wrote(100_000)
    expect([...held]).toEqual([['one', 100_000]])
    work.settle()
    expect([...held]).toEqual([['one', 0]])
  })

  it('may take its processor time to the last, and no more', () => {
    let now = 0
    const turns = new Turns({ now: () => now, cpu: () => now, defer: () => undefined })
    const work = new Work({ turns, maxCpuMs: 5 })
    work.isOver()
    now = 5
    work.isOver()
    expect(work.failure).toBeUndefined()
    now = 5.1
    expect(work.isOver()).toBe(true)
    expect(work.failure).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      fields: { limit: 'PUSHGRAPH_MAX_CPU_MS', value: 6, max: 5 },
    })
  })

  it('has what others took for it counted, and none is left once that is all', () => {
    const work = new Work({
      turns: new Turns({ now: () => 0, cpu: () => 0, defer: () => undefined }),
      maxCpuMs: 5,
    })
    work.tookElsewhere(3)
    expect(work.leftMs()).toBe(2)
    work.tookElsewhere(2)
    expect(work.leftMs()).toBe(0)
    work.tookElsewhere(0.1)
    const beyond = {
      code: 'BUDGET_EXCEEDED',
      fields: { limit: 'PUSHGRAPH_MAX_CPU_MS', value: 6, max: 5 },
    }
    expect(() => work.leftMs()).toThrow(expect.objectContaining(beyond))
    expect(work.failure).toMatchObject(beyond)
  })

  it('is not charged for the time in which another process had the processor', () => {
    let now = 0
    const turns = new Turns({ now: () => now, cpu: () => now / 10, defer: () => undefined })
    const work = new Work({ turns, maxCpuMs: 1_000 })
    work.isOver()
    now = 500
    expect(work.isOver()).toBe(true)
    expect(work.spentMs).toBeCloseTo(50)
  })

  it('may write its answer to the last byte, and no more', () => {
    const work = workInOneTurn({ maxAnswerBytes: 1_048_576 })
    work.wrote(1_048_576)
    expect(work.failure).toBeUndefined()
    work.wrote(1)
    expect(work.failure).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      fields: { limit: 'PUSHGRAPH_MAX_ANSWER_MB', max: 1 },
    })
    expect(work.spend(1)).toBe(false)
  })

  it('ends where nobody waits for it: steps hear why, what comes later is forgotten', async () => {
    const left = new AbortController()
    const work = new Work({ turns: hastyTurns(1), signal: left.signal })
    const step = work.next().catch(codeOf)
    let made = 0
    const later = work.later(() => (made += 1))
    left.abort()
    const failure = await step
    expect(failure).toBe(work.failure)
    expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(await work.untilEnd(later).catch(codeOf)).toBe(failure)
    expect(await work.next().catch(codeOf)).toBe(failure)
    expect(made).toBe(0)
  })

  it('gives what came of it where it does not end before', async () => {
    const work = workInOneTurn()
    expect(await work.untilEnd(work.later(() => 'made'))).toBe('made')
    const failing = work.later(() => {
      throw new Error('not made')
    })
    await expect(failing).rejects.toThrow('not made')
  })

  it('begins in the order in which it was asked to, behind what was begun before', async () => {
    const work = new Work({ turns: hastyTurns(1) })
    while (!work.isOver());
    const order: string[] = []
    const note = (what: string) => (): void => {
      order.push(what)
    }
    const begins = ['first', 'second', 'third'].map(what => work.inTurn(note(what)))
    const goesOn = ['begun', 'begun later'].map(what => work.later(note(what)))
    expect(order).toEqual([])
    await Promise.all([...begins, ...goesOn])
    expect(order).toEqual(['begun later', 'begun', 'first', 'second', 'third'])
    expect(workInOneTurn().inTurn(() => 'at once')).toBe('at once')
  })

  it('takes steps at once within a turn, and over several where it must', async () => {
    const steps = (work: Work) =>
      function* count(): Generator<void, number> {
        let sum = 0
        for (let step = 1; step <= 100; step += 1) {
          if (!work.spend(1_000_000)) yield
          sum += step
        }
        return sum
      }
    const inOne = workInOneTurn()
    expect(inOne.run(steps(inOne)())).toBe(5_050)
    const hasty = new Work({ turns: hastyTurns(1) })
    const running = hasty.run(steps(hasty)())
    expect(running).toBeInstanceOf(Promise)
    expect(await running).toBe(5_050)
  })
})
