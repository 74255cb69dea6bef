import { Counter, Gauge, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createRenderMetrics } from '../../src/app/render-metrics.ts'

const renderForTest = (collect: () => void | Promise<void>, withinMs: number) => {
  const registry = new Registry()
  const registers = [registry]
  const leftOut = new Counter({ name: 'left_out', help: 'h', labelNames: ['figure'], registers })
  new Gauge({ name: 'odd', help: 'h', registers, collect })
  new Gauge({
    name: 'well',
    help: 'h',
    registers,
    collect() {
      this.set(7)
    },
  })
  return createRenderMetrics({
    registry,
    last: 'left_out',
    onLeftOut: figure => leftOut.inc({ figure }),
    withinMs,
  })
}

const valuesOf = (text: string) =>
  text.split('\n').filter(line => line !== '' && !line.startsWith('#'))

test('figures are all there while each can be looked up', async () => {
  expect(valuesOf(await renderForTest(() => undefined, 60_000)())).toEqual(['odd 0', 'well 7'])
})

test.each<[why: string, collect: () => void | Promise<void>]>([
  ['fails', async () => Promise.reject(new Error('the thread is dead'))],
  [
    'fails at once',
    () => {
      throw new Error('the thread is dead')
    },
  ],
])('one that %s is left out, and counted', async (_why, collect) => {
  const render = renderForTest(collect, 60_000)
  expect(valuesOf(await render())).toEqual(['well 7', 'left_out{figure="odd"} 1'])
  expect(valuesOf(await render())).toEqual(['well 7', 'left_out{figure="odd"} 2'])
})

test('one that is never found is left out, and looked for once until it is', async () => {
  let looked = 0
  let answer = (): void => undefined
  const found = new Promise<void>(resolve => {
    answer = resolve
  })
  const render = renderForTest(() => {
    looked += 1
    return found
  }, 10)
  await render()
  expect(valuesOf(await render())).toEqual(['well 7', 'left_out{figure="odd"} 2'])
  expect(looked).toBe(1)
  answer()
  await found
  expect(valuesOf(await render())).toContain('odd 0')
})

test('all who ask at the same moment are told what was looked up once', async () => {
  let looked = 0
  const render = renderForTest(() => {
    looked += 1
  }, 60_000)
  const texts = await Promise.all([render(), render(), render()])
  expect([new Set(texts).size, looked]).toEqual([1, 1])
  await render()
  expect(looked).toBe(2)
})
