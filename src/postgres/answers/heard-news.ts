/** Who waits for an answer hears when it is there: of whatever replica, at once, and looks now and then all the same. */
import type { AnswerNews } from '../../answers/claiming.ts'
import type { AnswerSeals } from '../../answers/sealing.ts'
import type { Clock } from '../../model/clock.ts'
import type { Database } from '../connecting/database.ts'

export interface HeardNews extends AnswerNews {
  end(): void
}

/** The database tells of a hash of the question: a path may hold somebody's address. */
const CHANNEL = 'answer'
/** How often is looked where nothing is heard: what was said may have been lost, or its teller killed. */
const LOOK_MS = 250

export const createHeardNews = (
  { on }: Pick<Database, 'on'>,
  clock: Clock,
  { first }: AnswerSeals,
): HeardNews => {
  const waiting = new Map<string, Set<() => void>>()
  const tell = (of: Iterable<() => void>): void => {
    for (const heard of [...of]) heard()
  }
  const end = on(CHANNEL, question => {
    if (question === undefined) for (const each of [...waiting.values()]) tell(each)
    else tell(waiting.get(question) ?? [])
  })

  return {
    follow: question => {
      const key = Buffer.from(first.questionId(question)).toString('hex')
      let isTold = false
      let wake = (): void => undefined
      const heard = (): void => {
        isTold = true
        wake()
      }
      const all = waiting.get(key) ?? new Set()
      waiting.set(key, all.add(heard))
      return {
        next: signal =>
          new Promise((resolve, reject) => {
            const over = (): void => {
              stop()
              signal.removeEventListener('abort', over)
              isTold = false
              wake = () => undefined
              if (signal.aborted) reject(signal.reason as Error)
              else resolve()
            }
            const stop = clock.after(LOOK_MS, over)
            signal.addEventListener('abort', over, { once: true })
            wake = over
            if (isTold || signal.aborted) over()
          }),
        end: () => {
          all.delete(heard)
          if (all.size === 0 && waiting.get(key) === all) waiting.delete(key)
        },
      }
    },
    end: () => {
      end()
    },
  }
}
