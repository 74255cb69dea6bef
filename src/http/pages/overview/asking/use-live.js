/** The last events of a subscription, the newest first, as they come. */
import { useEffect, useState } from 'react'
import { onTokenChange } from '../../asking/token.js'
import { documentOf } from '../given.js'
import { sayFailure } from '../sayings.ts'
import { client } from './client.js'

const MOST = 30
const AFTER_FAILURE_MS = 5_000

/** `{ events, received, failure }` */
export const useLive = name => {
  const [state, setState] = useState({ events: [], received: 0 })
  useEffect(() => {
    let timer
    let stop = () => {}
    const listen = () => {
      clearTimeout(timer)
      stop()
      stop = client.subscription(documentOf(name), {}).subscribe(({ data, error, hasNext }) => {
        if (data?.events) {
          setState(({ events, received }) => ({
            events: [data.events, ...events].slice(0, MOST),
            received: received + 1,
          }))
          return
        }
        if (error) setState(last => ({ ...last, failure: sayFailure(error) }))
        if (error || !hasNext) timer = setTimeout(listen, AFTER_FAILURE_MS)
      }).unsubscribe
    }
    listen()
    const forgetToken = onTokenChange(listen)
    return () => {
      clearTimeout(timer)
      stop()
      forgetToken()
    }
  }, [name])
  return state
}
