import { describe, expect, it } from 'vitest'
import type { LimitError } from '../../../src/errors.ts'
import { createQuestionTurns } from '../../../src/events/threads/question-turns.ts'

/** Turns on a clock of their own; `run` gives so many of them. */
const turnsForTest = () => {
  let cpuMs = 0
  const later: (() => void)[] = []
  const turns = createQuestionTurns({
    now: () => cpuMs,
    later: callback => later.push(callback),
  })
  const said: string[] = []
  let steps = 0
  let id = 0

  /** Takes 5 ms in each of its stretches. */
  function* work(stretches: number, name: string) {
    try {
      for (let n = 1; n < stretches; n += 1) {
        cpuMs += 5
        steps += 1
        yield
      }
      cpuMs += 5
      return name
    } finally {
      said.push(`${name} put away`)
    }
  }

  return {
    said,
    steps: () => steps,
    ask: (name: string, stretches: number, { caller = name, maxCpuMs = Infinity } = {}): number => {
      id += 1
      turns.add({
        id,
        caller,
        operation: caller,
        maxCpuMs,
        work: work(stretches, name),
        done: (result, tookMs) => said.push(`${String(result)} ${tookMs}`),
        failed: error => {
          const { limit, value, max } = (error as LimitError).fields
          said.push(`${name} ${String(limit)} ${String(value)} ${String(max)}`)
        },
      })
      return id
    },
    end: turns.end,
    endAll: turns.endAll,
    run: (times = Infinity): void => {
      for (let n = 0; n < times && later.length > 0; n += 1) later.shift()?.()
    },
  }
}

describe('the turns of questions', () => {
  it('end all at once, and nobody hears of them', () => {
    const { ask, endAll, run, said, steps } = turnsForTest()
    ask('a', 10)
    ask('b', 10)
    ask('c', 10, { caller: 'b' })
    run(2)
    const taken = steps()
    endAll()
    run()
    expect(steps()).toBe(taken)
    expect(said.filter(text => !text.endsWith('put away'))).toEqual([])
  })

  it('answer a short question before forty long ones', () => {
    const { ask, run, said } = turnsForTest()
    for (let n = 0; n < 40; n += 1) ask(`long ${n}`, 1_000)
    run(200)
    ask('short', 3)
    run(2)
    expect(said).toEqual(['short put away', 'short 15'])
  })

  it('go round the callers, not the questions', () => {
    const { ask, run, said } = turnsForTest()
    for (let n = 0; n < 40; n += 1) ask(`many ${n}`, 100, { caller: 'one' })
    ask('a', 20)
    run(25)
    expect(said).toEqual(['a put away', 'a 100'])
  })

  it('end with the question, which is put away', () => {
    const { ask, run, end, said, steps } = turnsForTest()
    const id = ask('left', 1_000)
    run(3)
    const before = steps()
    end(id)
    run()
    expect(steps()).toBe(before)
    expect(said).toEqual(['left put away'])
  })

  it('answer what takes all of its processor time, and refuse what takes more', () => {
    const { ask, run, said } = turnsForTest()
    ask('all', 20, { maxCpuMs: 95 })
    ask('more', 21, { maxCpuMs: 95 })
    run()
    expect(said).toEqual([
      'all put away',
      'all 100',
      'more put away',
      'more PUSHGRAPH_MAX_CPU_MS 100 95',
    ])
  })

  it('share the processor time of an operation among its questions', () => {
    const { ask, run, said } = turnsForTest()
    for (const name of ['a', 'b', 'c']) ask(name, 10, { caller: 'one', maxCpuMs: 100 })
    run()
    expect(said.filter(line => line.includes('MAX_CPU'))).toHaveLength(1)
  })
})
