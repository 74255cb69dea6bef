/** Asks one document again and again: as its answers say, and when somebody looks at the page again. */
import { askAgainAfter } from '../../asking/again.ts'
import { followProgress } from '../../asking/progress.js'
import { onTokenChange } from '../../asking/token.js'
import { documentOf } from '../given.js'
import { sayFailure } from '../sayings.ts'
import { client } from './client.js'

/** So often a tile asks again (milliseconds): most answers come from what the server holds. */
const EVERY_MS = 60_000
/** After a failure that says nothing of when. */
const AFTER_FAILURE_MS = 15_000

/** Begins at once; calls `change` with what is new: see `useAnswer`. */
export const keepAsking = (name, variables, change) => {
  let stopAsking = () => {}
  let timer
  const ask = () => {
    clearTimeout(timer)
    stopAsking()
    stopAsking = askOnce(name, variables, change, inMs => {
      timer = setTimeout(askIfSeen, inMs)
    })
  }
  let isDue = false
  const askIfSeen = () => {
    isDue = document.hidden
    if (!isDue) ask()
  }
  const onVisible = () => {
    if (!document.hidden && isDue) askIfSeen()
  }
  ask()
  const forgetToken = onTokenChange(ask)
  document.addEventListener('visibilitychange', onVisible)
  return {
    ask,
    stop: () => {
      clearTimeout(timer)
      stopAsking()
      forgetToken()
      document.removeEventListener('visibilitychange', onVisible)
    },
  }
}

const askOnce = (name, variables, change, askAgain) => {
  const id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`
  const answered = new AbortController()
  change({ isAsking: true, since: Date.now(), progress: undefined })
  const asked = client.query(documentOf(name), variables, {
    fetchOptions: { headers: { 'x-request-id': id } },
  })
  const { unsubscribe } = asked.subscribe(({ data, error, extensions }) => {
    answered.abort()
    const failure = error === undefined ? undefined : sayFailure(error)
    const told = extensions?.pushgraph
    change({ isAsking: false, progress: undefined, failure, ...(data ? { data, told } : {}) })
    const again = askAgainAfter({ errors: error?.graphQLErrors }, null)
    askAgain(again ?? (failure === undefined ? EVERY_MS : AFTER_FAILURE_MS))
  })
  void followProgress(id, {}, answered.signal, progress => change({ progress }))
  return () => {
    answered.abort()
    unsubscribe()
  }
}
