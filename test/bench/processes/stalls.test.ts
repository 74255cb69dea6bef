import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { longestStall, notingStalls } from '../../../bench/processes/stalls.ts'

const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-stalls-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'stalls.json')
}

test('a program notes for how long its main thread worked in one piece', () => {
  const path = scratch()
  const busy = `const begun = process.threadCpuUsage().user + process.threadCpuUsage().system
    const taken = () => process.threadCpuUsage().user + process.threadCpuUsage().system - begun
    setTimeout(() => { while (taken() < 100_000); setTimeout(() => undefined, 50) }, 20)`
  execFileSync(process.execPath, ['-e', busy], { env: { ...process.env, ...notingStalls(path) } })
  expect(longestStall(path, 0, Infinity)).toBeGreaterThan(90)
})

test('only what falls between the two moments counts', () => {
  const path = scratch()
  const stalls = [
    { at: 100, ms: 80 },
    { at: 200, ms: 30 },
    { at: 300, ms: 60 },
  ]
  writeFileSync(path, JSON.stringify(stalls))
  expect(longestStall(path, 190, 290)).toBe(30)
  expect(longestStall(path, 170, 290)).toBe(80)
  expect(longestStall(path, 240, 290)).toBe(0)
  expect(() => longestStall(`${path}.none`, 0, 1)).toThrow('has not written')
})
