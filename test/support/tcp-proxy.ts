/** What lies between two machines, in the hands of a test: it can hold back what is sent, for good or for a while. */
import { connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Nothing comes through any more, and nobody is told: neither on open connections nor on new ones. */
  cut(): void
  /** Lets all through again, with what was held back. */
  mend(): void
  /** What is connected now never hears again, though it stays open; new connections work. */
  halfOpen(): void
  /** Breaks what is connected now. */
  reset(): void
  /** Breaks a connection at whatever comes through for which that is true. */
  breakAt(breaks: () => boolean): void
  close(): Promise<void>
}

interface Pair {
  readonly near: Socket
  far: Socket | undefined
}

/** A way to a port of this machine; where that is a function, each new connection goes where it says. */
export const startTcpProxy = async (to: number | (() => number)): Promise<TcpProxy> => {
  const pairs = new Set<Pair>()
  const deaf = new Set<Pair>()
  let isCut = false
  let breaks = (): boolean => false

  const join = (pair: Pair): void => {
    const { near } = pair
    const far = connect(typeof to === 'number' ? to : to(), '127.0.0.1')
    pair.far = far
    far.on('error', () => near.destroy())
    far.on('close', () => near.destroy())
    for (const side of [near, far])
      side.on('data', () => {
        if (breaks()) near.resetAndDestroy()
      })
    pass(pair)
  }
  const pass = ({ near, far }: Pair): void => {
    if (far === undefined) return
    near.pipe(far)
    far.pipe(near)
  }
  const hold = ({ near, far }: Pair): void => {
    if (far === undefined) return
    near.unpipe(far)
    far.unpipe(near)
    near.pause()
    far.pause()
  }

  const server = createServer({ pauseOnConnect: true }, near => {
    const pair: Pair = { near, far: undefined }
    pairs.add(pair)
    near.on('error', () => pair.far?.destroy())
    near.on('close', () => {
      pairs.delete(pair)
      deaf.delete(pair)
      pair.far?.destroy()
    })
    if (!isCut) join(pair)
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()

  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut: () => {
      isCut = true
      pairs.forEach(hold)
    },
    mend: () => {
      isCut = false
      for (const pair of pairs) {
        if (deaf.has(pair)) continue
        if (pair.far === undefined) join(pair)
        else pass(pair)
      }
    },
    halfOpen: () => {
      for (const pair of pairs) {
        hold(pair)
        deaf.add(pair)
      }
    },
    reset: () => {
      for (const { near } of pairs) near.resetAndDestroy()
    },
    breakAt: found => {
      breaks = found
    },
    close: async () => {
      for (const { near, far } of pairs) {
        near.destroy()
        far?.destroy()
      }
      await new Promise(resolve => server.close(resolve))
    },
  }
}
