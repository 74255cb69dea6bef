/** Who sends for a sink of one data folder: the process that holds a lock there, which the system lets go of when it ends. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { holdLock, LockedError } from '../model/system/file-lock.ts'
import type { SinkClaims } from './places.ts'

/** Those of the sinks of that data folder, which is made where it is missing. */
export const createFileClaims = (directory: string): SinkClaims => {
  const held = new Map<string, () => void>()
  return {
    holder: '',
    take: async sink => {
      if (held.has(sink)) return true
      try {
        mkdirSync(directory, { recursive: true })
        held.set(sink, holdLock(join(directory, `sink-${sink}`)))
        return true
      } catch (error) {
        if (error instanceof LockedError) return false
        throw error
      }
    },
    leave: async sink => {
      held.get(sink)?.()
      held.delete(sink)
    },
  }
}
