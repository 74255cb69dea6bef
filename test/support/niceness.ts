/** The priorities of threads, as Linux tells them. */
import { readdirSync, readFileSync } from 'node:fs'

/** Elsewhere no thread has one of its own. */
export const hasPriorities = process.platform === 'linux'
if (!hasPriorities) console.info('Not tried but on Linux: the priorities of threads.')

/** How nice the threads of this process are that have that name. */
export const nicenessOf = (name: string): number[] =>
  readdirSync('/proc/self/task').flatMap(id => {
    const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8')
    const [, ...fields] = stat.slice(stat.lastIndexOf(')')).split(' ')
    return stat.includes(`(${name})`) ? [Number(fields[16])] : []
  })
