/** Which servers listen on one data folder: each holds a lock there, which the system lets go of when it ends. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { holdLock, LockedError } from './file-lock.ts'

export interface FolderServers {
  /** This process is one of them from now on, until the end. */
  begin(): void
  /** Whether another process is one. */
  others(): boolean
  end(): void
}

/** So many are told apart; there should be one. */
const PLACES = 8

export const createFolderServers = (directory: string): FolderServers => {
  const pathOf = (place: number): string =>
    join(directory, place === 1 ? 'server' : `server-${place}`)
  const places = Array.from({ length: PLACES }, (_, n) => n + 1)
  let own: { readonly place: number; readonly leave: () => void } | undefined

  const take = (place: number): (() => void) | undefined => {
    try {
      return holdLock(pathOf(place))
    } catch (error) {
      if (error instanceof LockedError) return undefined
      throw error
    }
  }
  const isTaken = (place: number): boolean => {
    if (!existsSync(`${pathOf(place)}.lock`)) return false
    const leave = take(place)
    leave?.()
    return leave === undefined
  }

  return {
    begin: () => {
      mkdirSync(directory, { recursive: true })
      for (const place of places) {
        const leave = take(place)
        if (leave === undefined) continue
        own = { place, leave }
        return
      }
    },
    others: () => places.some(place => place !== own?.place && isTaken(place)),
    end: () => {
      own?.leave()
      own = undefined
    },
  }
}
