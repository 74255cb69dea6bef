/**
 * The token that a receiver wants, fetched by our credentials as a client and kept while it is good.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
import type { Clock } from '../../model/clock.ts'
import type { OauthSettings } from '../../model/sinks/receiver.ts'
import { createPoster, type HttpDeadlines, otherAnswer } from './post.ts'
import { readJson } from './read-json.ts'
import { SetupError } from '../sender.ts'
import { isMembers } from '../../model/events.ts'

export interface AccessToken {
  /**
   * @throws {SetupError} where the client, its secret or the scope is refused
   * @throws {NotNowError} where nobody answers, or not now
   */
  get(signal: AbortSignal): Promise<string>
  /** The receiver would not have it, whatever was said of how long it is good. */
  forget(): void
  close(): Promise<void>
}

/** A token is not used in the last moments for which it is good: what is sent takes a while, and clocks differ. */
const SPARE_MS = 60_000
/** Where nobody says for how long it is good. */
const USUAL_SECONDS = 300

export const createAccessToken = (
  { tokenUrl, clientId, clientSecret, scope }: OauthSettings,
  { clock, deadlines }: { readonly clock: Clock; readonly deadlines?: HttpDeadlines | undefined },
): AccessToken => {
  const poster = createPoster({ url: tokenUrl, clock, deadlines })
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    ...(scope === undefined ? {} : { scope }),
  }).toString()
  let kept: { readonly token: string; readonly until: number } | undefined

  return {
    get: async signal => {
      if (kept !== undefined && clock.now() < kept.until) return kept.token
      const from = clock.now()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const reply = await poster.post({ headers, body: Buffer.from(body) }, signal)
      const statement = `${poster.origin} answered ${reply.status} to the question for a token`
      if (reply.status !== 200) throw otherAnswer(reply, statement)
      const read = readJson(reply.body)
      const { access_token: token, expires_in: seconds } = isMembers(read) ? read : {}
      if (typeof token !== 'string' || !/^[!-~]+$/.test(token))
        throw new SetupError(`${statement}, and has none in it`)
      // Some write the number as text.
      const goodFor = Number(seconds ?? USUAL_SECONDS) * 1_000
      kept = { token, until: from + (Number.isFinite(goodFor) ? goodFor : 0) - SPARE_MS }
      return token
    },
    forget: () => {
      kept = undefined
    },
    close: poster.close,
  }
}
