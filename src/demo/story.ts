/**
 * One thread through the tenant's past: somebody enters a password on a phishing page, and what a thief does with it. It is told
 * of rows as they are, beside a detection that is there anyway.
 */
import type { TenantData } from './data.ts'
import type { PushAccount, PushDetection } from './tenant/objects.ts'
import { createRandom } from './tenant/random.ts'
import { login, type ToldEvent, toName } from './webhooks.ts'

/** Where the thief logs in from, and nobody else. */
export const THIEF_ADDRESS = '2001:db8:bad::7'

const MINUTE = 60

/** Its events, the oldest first; none where nobody was phished whose password opens an account. */
export const storyOf = (data: TenantData, since: number): readonly ToldEvent[] => {
  const accounts = new Map(data.accounts.map(row => [row.id, row]))
  const [chosen] = data.detections
    .filter(({ creationTimestamp: at }) => at >= since && at < data.now - 60 * MINUTE)
    .flatMap(detection => phishedIn(detection, accounts))
    .map(one => ({ ...one, peer: peerOf(one.account, data) }))
    .toSorted((one, other) => worthOf(other) - worthOf(one) || other.at - one.at)
  return chosen === undefined ? [] : tell(data, chosen)
}

interface Phished {
  readonly account: PushAccount
  /** When its password was entered, in UNIX seconds. */
  readonly at: number
}

interface Chosen extends Phished {
  /** Another account that the same password opens. */
  readonly peer: PushAccount | undefined
}

const phishedIn = (
  { detectionType, events }: PushDetection,
  accounts: ReadonlyMap<string, PushAccount>,
): readonly Phished[] =>
  detectionType !== 'PHISHING'
    ? []
    : events.flatMap(({ accountId, creationTimestamp: at }) => {
        const account = accounts.get(accountId ?? '')
        return account?.loginMethods.passwordLogin === true ? [{ account, at }] : []
      })

const peerOf = ({ id, passwordId }: PushAccount, { accounts }: TenantData) =>
  passwordId === null
    ? undefined
    : accounts.find(other => other.id !== id && other.passwordId === passwordId)

/** The more there is to tell, the better. */
const worthOf = ({ account, peer }: Chosen): number =>
  (account.mfaRegistered === false ? 2 : 0) + (peer === undefined ? 0 : 1)

const tell = (data: TenantData, { account, at, peer }: Chosen): readonly ToldEvent[] => {
  const random = createRandom(data.seed, 'story')
  const byThief = (of: PushAccount, seconds: number): ToldEvent => {
    const told = login({ data: { ...data, accounts: [of] } }, random, seconds)
    const stolen = {
      ...{ passwordManuallyTyped: true, passwordManager: null, sourceIpAddress: THIEF_ADDRESS },
    }
    return [seconds, () => ({ ...told, new: { ...told.new, ...stolen } })]
  }
  const withFactor = { ...account, mfaRegistered: true, mfaMethods: ['APP_TOTP'] }
  const lost: ToldEvent = [
    at + 9 * MINUTE,
    () => ({
      ...{ object: 'ACCOUNT', friendlyName: toName('ACCOUNT'), category: 'ENTITY', type: 'UPDATE' },
      description: `${account.email} at ${account.appType} has no second factor any longer`,
      new: account,
      old: withFactor,
    }),
  ]
  return [
    byThief(account, at + 7 * MINUTE),
    ...(account.mfaRegistered === false ? [lost] : []),
    ...(peer === undefined ? [] : [byThief(peer, at + 16 * MINUTE)]),
  ]
}
