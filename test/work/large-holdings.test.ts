import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { HeldMemory } from '../../src/work/large-holdings.ts'
import type { Steps } from '../../src/work/steps.ts'
import { plainTime, Turns } from '../../src/work/turns.ts'
import { Work } from '../../src/work/work.ts'

/** Pieces of work that hold much, and who does at the moment. */
const createWorks = () => {
  const turns = new Turns(plainTime)
  const holding: string[] = []
  let most = 0

  function* steps(
    name: string,
    held: HeldMemory,
    parts: number,
    until: Promise<void>,
  ): Steps<string> {
    held.add(parts)
    if (held.isTooLarge) yield* held.enter()
    holding.push(name)
    most = Math.max(most, holding.length)
    yield until
    holding.splice(holding.indexOf(name), 1)
    return name
  }

  const start = (
    caller: string,
    name: string,
    parts = 5_001,
    signal?: AbortSignal,
    work = new Work({ turns, caller, signal }),
  ) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const made = work.hold(held => work.run(steps(name, held, parts, promise)))
    return { work, finish: resolve, made: Promise.resolve(made) }
  }
  return { start, holding, most: () => most }
}

const inTurns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn()
}

it('lets one piece of work of a caller hold much, the next when that has ended', async () => {
  const { start, holding, most } = createWorks()
  const works = ['a', 'b', 'c'].map(name => start('anna', name))
  await inTurns()
  expect(holding).toEqual(['a'])
  works[0]?.finish()
  await inTurns()
  expect(holding).toEqual(['b'])
  for (const { finish } of works) finish()
  expect(await Promise.all(works.map(({ made }) => made))).toEqual(['a', 'b', 'c'])
  expect(most()).toBe(1)
})

it('has no caller wait for another, until three hold much', async () => {
  const { start, holding } = createWorks()
  const works = ['anna', 'ben', 'cleo', 'dora'].map(caller => start(caller, caller))
  const second = start('ben', 'ben again')
  await inTurns()
  expect(holding).toEqual(['anna', 'ben', 'cleo'])
  works[0]?.finish()
  await inTurns()
  expect(holding).toEqual(['ben', 'cleo', 'dora'])
  works[1]?.finish()
  await inTurns()
  expect(holding).toEqual(['cleo', 'dora', 'ben again'])
  for (const { finish } of [...works, second]) finish()
  await Promise.all([...works, second].map(({ made }) => made))
})

it('lets callers take turns, however many one has begun before another came', async () => {
  const { start, holding } = createWorks()
  const works = ['anna', 'ben', 'cleo'].flatMap(caller =>
    [1, 2, 3].map(number => ({
      name: `${caller} ${number}`,
      ...start(caller, `${caller} ${number}`),
    })),
  )
  const last = start('dora', 'dora')
  const finish = async (name: string): Promise<void> => {
    works.find(work => work.name === name)?.finish()
    await inTurns()
  }
  await inTurns()
  expect(holding).toEqual(['anna 1', 'ben 1', 'cleo 1'])
  await finish('anna 1')
  expect(holding).toEqual(['ben 1', 'cleo 1', 'dora'])
  await finish('ben 1')
  expect(holding).toEqual(['cleo 1', 'dora', 'anna 2'])
  await finish('anna 2')
  expect(holding).toEqual(['cleo 1', 'dora', 'ben 2'])
  for (const { finish: end } of [...works, last]) end()
  await Promise.all([...works, last].map(({ made }) => made))
})

it('has an operation that held much before go first, of those of its caller', async () => {
  const { start, holding } = createWorks()
  const first = start('anna', 'first')
  const others = ['second', 'third'].map(name => start('anna', name))
  await inTurns()
  first.finish()
  expect(await first.made).toBe('first')
  const again = start('anna', 'first again', 5_001, undefined, first.work)
  await inTurns()
  expect(holding).toEqual(['second'])
  others[0]?.finish()
  await inTurns()
  expect(holding).toEqual(['first again'])
  for (const { finish } of [again, ...others]) finish()
  await Promise.all([again, ...others].map(({ made }) => made))
})

it('lets any number hold a little', async () => {
  const { start, holding } = createWorks()
  const works = Array.from({ length: 20 }, (_, at) => start('anna', `${at}`, 5_000))
  await inTurns()
  expect(holding).toHaveLength(20)
  for (const { finish } of works) finish()
  await Promise.all(works.map(({ made }) => made))
})

it('has nobody wait whose caller has left', async () => {
  const { start, holding } = createWorks()
  const leave = new AbortController()
  const first = start('anna', 'first')
  const second = start('anna', 'second', 5_001, leave.signal)
  const third = start('anna', 'third')
  await inTurns()
  const failure = second.made.catch((error: unknown) => error)
  leave.abort()
  expect(await failure).toMatchObject({ message: expect.stringMatching(/nobody|left/i) as string })
  expect(holding).toEqual(['first'])
  first.finish()
  await inTurns()
  expect(holding).toEqual(['third'])
  third.finish()
  expect(await Promise.all([first.made, third.made])).toEqual(['first', 'third'])
})

it('has the next one go on where work fails or is given up, and tells who waited', async () => {
  const { start, holding } = createWorks()
  const leave = new AbortController()
  const first = start('anna', 'first', 5_001, leave.signal)
  const second = start('anna', 'second')
  const third = start('anna', 'third')
  await inTurns()
  const failures = [first, second].map(({ made }) => made.catch((error: unknown) => error))
  second.work.end(new Error('left'))
  first.work.end(new Error('broken'))
  first.finish()
  await inTurns()
  expect(await Promise.all(failures)).toEqual([new Error('broken'), new Error('left')])
  expect(holding.at(-1)).toBe('third')
  third.finish()
  expect(await third.made).toBe('third')
})
