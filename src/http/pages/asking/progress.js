/** How far an answer is that takes its time. */
import { wait } from './again.ts'
import { withToken } from './send.js'

/** What is answered sooner needs no progress (milliseconds). */
const FIRST_MS = 400
const EVERY_MS = 500

/** Tells it again and again until the signal is aborted: undefined where the server does not know, as before it begins. */
export const followProgress = async (id, headers, signal, onProgress) => {
  try {
    for (let ms = FIRST_MS; ; ms = EVERY_MS) {
      await wait(ms, signal)
      const response = await fetch(`/graphql/progress/${id}`, {
        headers: withToken(headers),
        signal,
      })
      onProgress(response.status === 200 ? await response.json() : undefined)
    }
  } catch {
    // The answer has come, or its own request tells what has failed.
  }
}
