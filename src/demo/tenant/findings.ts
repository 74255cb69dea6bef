/** What is wrong with accounts: each finding is true of the account that it names. */
import type { PushAccount, PushFinding } from './objects.ts'
import { type Random, allocate, createRandom } from './random.ts'

const DAY = 86_400

interface Problem {
  readonly type: string
  readonly share: number
  readonly afflicts: (account: PushAccount, census: Census) => boolean
}

/** What can only be seen by looking at all accounts. */
interface Census {
  readonly now: number
  readonly usesOfPassword: ReadonlyMap<string, number>
  readonly usersOfLogin: ReadonlyMap<string, ReadonlySet<string>>
}

const hasPassword = (account: PushAccount): boolean => account.passwordId !== null

const problems: readonly Problem[] = [
  { type: 'MFA_NOT_REGISTERED', share: 34, afflicts: account => account.mfaRegistered === false },
  {
    type: 'REUSED_PASSWORD',
    share: 24,
    afflicts: ({ passwordId }, { usesOfPassword }) =>
      passwordId !== null && (usesOfPassword.get(passwordId) ?? 0) > 1,
  },
  {
    type: 'SHARED_ACCOUNT',
    share: 4,
    afflicts: (account, { usersOfLogin }) => (usersOfLogin.get(loginOf(account))?.size ?? 0) > 1,
  },
  {
    type: 'UNUSED_THIRD_PARTY_APP',
    share: 7,
    afflicts: ({ loginMethods, lastUsedTimestamp }, { now }) =>
      loginMethods.oidcLogin !== null &&
      lastUsedTimestamp !== null &&
      lastUsedTimestamp < now - 90 * DAY,
  },
  { type: 'WEAK_PASSWORD', share: 11, afflicts: hasPassword },
  { type: 'LEAKED_PASSWORD', share: 8, afflicts: hasPassword },
  { type: 'PASSWORD_MANAGER_NOT_USED', share: 9, afflicts: hasPassword },
  { type: 'STOLEN_CREDENTIALS', share: 3, afflicts: hasPassword },
]

/** `count` findings, in no order; of one type each account has one as long as there are enough accounts. */
export const createFindings = (
  seed: number,
  count: number,
  accounts: readonly PushAccount[],
  now: number,
): PushFinding[] => {
  const random = createRandom(seed, 'findings')
  const census = take(accounts, now)
  const afflicted = problems
    .map(problem => ({
      problem,
      accounts: random.shuffled(accounts.filter(account => problem.afflicts(account, census))),
    }))
    .filter(({ accounts }) => accounts.length > 0)
  const shares = allocate(
    count,
    afflicted.map(({ problem }) => problem.share),
  )
  const findings = afflicted.flatMap(({ problem, accounts }, index) =>
    Array.from({ length: shares[index] as number }, (_, nth) =>
      createFinding(random, problem.type, accounts[nth % accounts.length] as PushAccount, now),
    ),
  )
  return random.shuffled(findings)
}

const take = (accounts: readonly PushAccount[], now: number): Census => {
  const usesOfPassword = new Map<string, number>()
  const usersOfLogin = new Map<string, Set<string>>()
  for (const account of accounts) {
    const { passwordId } = account
    if (passwordId !== null)
      usesOfPassword.set(passwordId, (usesOfPassword.get(passwordId) ?? 0) + 1)
    const users = usersOfLogin.get(loginOf(account)) ?? new Set()
    usersOfLogin.set(loginOf(account), users.add(account.employeeId))
  }
  return { now, usesOfPassword, usersOfLogin }
}

const loginOf = ({ appId, email }: PushAccount): string => `${appId} ${email}`

const createFinding = (
  random: Random,
  type: string,
  account: PushAccount,
  now: number,
): PushFinding => {
  // Some findings are about the person and name no account.
  const personal = type === 'PASSWORD_MANAGER_NOT_USED' && random.chance(0.5)
  return {
    id: random.uuid(),
    type,
    state: random.chance(0.7) ? 'OPEN' : 'RESOLVED',
    employeeId: account.employeeId,
    passwordId: type === 'MFA_NOT_REGISTERED' || personal ? null : account.passwordId,
    accountId: personal ? null : account.id,
    appType: personal ? null : account.appType,
    appId: personal ? null : account.appId,
    ...weakness(random, type),
    creationTimestamp: random.between(account.creationTimestamp, now),
  }
}

const weakness = (random: Random, type: string): Pick<PushFinding, 'weakPasswordReasons'> => {
  if (type !== 'WEAK_PASSWORD') return {}
  const reasons = ['COMPROMISED_HIBP', 'COMMON_BASE_WORD', 'BANNED_BASE_WORD']
  return { weakPasswordReasons: random.some(reasons, random.between(1, 2)) }
}
