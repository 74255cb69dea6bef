/** Disks of a size, for what happens where they are full or cannot be written: only root may have them. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Makes that folder a disk of so many KiB; whether this user may. */
const mount = (path: string, kib: number): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', path], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const unmount = (path: string): void => {
  execFileSync('umount', ['-l', path])
}

const canMount = (): boolean => {
  const path = mkdtempSync(join(tmpdir(), 'pushgraph-'))
  const can = mount(path, 64)
  if (can) unmount(path)
  rmSync(path, { recursive: true })
  return can
}

/** Whether there can be any; where not, the tests that use them say so. */
export const hasDisks = canMount()

/** Makes that folder one, until the running test ends. */
export const mountForTest = (path: string, kib: number): void => {
  mount(path, kib)
  onTestFinished(() => {
    unmount(path)
  })
}

/** `size=16384k`, `ro`. */
export const remount = (path: string, option: string): void => {
  execFileSync('mount', ['-o', `remount,${option}`, path])
}
