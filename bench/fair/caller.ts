/** The hostile caller as the bench leads it. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Attack, Reply } from './attack.ts'
import type { Order } from './caller-process.ts'

export interface HostileCaller {
  /** Begins an attack. The promise is of its first answer, and of undefined where it left before there was one. */
  readonly begin: (url: string, attack: Attack) => Promise<Reply | undefined>
  /** Breaks all connections off, whatever was asked. */
  readonly leave: () => Promise<void>
  readonly stop: () => void
}

/** Starts a caller that has that address. */
export const startCaller = async (address: string): Promise<HostileCaller> => {
  const child = fork(fileURLToPath(new URL('caller-process.ts', import.meta.url)))
  let hear: ((reply: Reply | undefined) => void) | undefined
  let left: (() => void) | undefined
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => {
      resolve()
    })
    child.once('exit', code => {
      reject(new Error(`The hostile caller ended with ${code}`))
    })
  })
  child.on('message', (message: Reply | 'left') => {
    hear?.(message === 'left' ? undefined : message)
    hear = undefined
    if (message === 'left') left?.()
  })
  return {
    begin: (url, attack) =>
      new Promise(resolve => {
        hear = resolve
        child.send({ url, attack, address } satisfies Order)
      }),
    leave: () =>
      new Promise(resolve => {
        left = resolve
        child.send('leave')
      }),
    stop: () => {
      child.disconnect()
    },
  }
}
