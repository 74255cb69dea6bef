/**
 * Whose key it is. A key that is another than the one before may be of the same tenant, whose rows, answers and events go
 * on under it, or of another one, under which nothing of them may be seen. Push alone can say: its first page of a list
 * holds objects that are known, or none. Until it has said so, the key counts as not read.
 */
import {
  GatewayError,
  isKeyRefusal,
  UpstreamRefusedError,
  UpstreamUnavailableError,
} from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import type { CollectionName } from '../model/rows.ts'
import type { UpstreamLog } from './contract/events.ts'
import type { Keys } from './state/keys.ts'
import { type State, stateId } from './state/state.ts'
import { connectorId, createTenancies, type Period, periodsOf } from './state/tenancies.ts'

/** The tenant that a connector was of when it was last served. */
export interface FormerTenant {
  /** Under which id its answers are kept. */
  readonly tenant: string
  /** When the connector was of it; undefined for always. What is stored of other times is another one's. */
  readonly periods: readonly Period[] | undefined
}

/** What is known of that tenant. */
export interface TenantEvidence {
  /** Whether anything of it is kept: answers of Push under that id, rows, or events. */
  hasAny(former: FormerTenant): Promise<boolean>
  /** Lists of which objects are known, those first of which the most is. */
  lists(former: FormerTenant): Promise<readonly CollectionName[]>
  /** Whether one of those objects is known. */
  knows(former: FormerTenant, name: CollectionName, ids: readonly string[]): Promise<boolean>
  /** Whether another process serves the connector now as that tenant's. */
  isServedElsewhere(tenant: string): Promise<boolean>
}

export interface KeyTenantOptions {
  readonly alias: string
  readonly url: string
  readonly state: State
  readonly keys: Keys
  readonly clock: Clock
  readonly log?: UpstreamLog | undefined
  /** Where absent, every key is taken for one of the same tenant. */
  readonly evidence: TenantEvidence | undefined
  /** Ids of the first rows of that list, asked of Push with that key. `former`: under which id the limit before is kept. */
  readonly firstIds: (
    name: CollectionName,
    key: string,
    former: string,
  ) => Promise<readonly string[]>
  /** The key in use was replaced by one of another tenant: what was read with the former may be given no more. */
  readonly onOther: () => void
}

/** Whose a connector is, as far as that is known. */
export interface Tenure {
  /** Finds out whose the key is, where that is not known; whether it is known then. */
  settle(): Promise<boolean>
  /** Whether what is delivered for the connector may be stored: not where others might see it who serve another tenant. */
  takesDeliveries(): Promise<boolean>
  /** Why nothing is served yet with the key that is there, in a sentence; undefined where it is known whose it is. */
  doubt(): string | undefined
  /** When the connector was of the present tenant (milliseconds), as far as that is known; undefined for always. */
  periods(): readonly Period[] | undefined
  /** Since when it is taken for the present tenant's here (milliseconds). */
  since(): number
  /** Whether the present tenant took the place of another one since the start. */
  tookPlace(): boolean
}

export interface KeyTenant {
  /** The same keys; one is known once it is known whose it is. */
  readonly keys: Keys
  readonly tenure: Tenure
}

/** Push is asked for so many lists at most. */
const MOST_LISTS = 3

type Verdict = 'same' | 'another'

export const createKeyTenant = (options: KeyTenantOptions): KeyTenant => {
  const { alias, url, state, keys, clock, evidence, log } = options
  const tenancies = createTenancies(state.facts(connectorId(alias)))
  const openedAt = clock.now()
  /** The keys that may be used. */
  const settled = new Set<string>()
  let asking: Promise<void> | undefined
  let failure: string | undefined
  /** Whether one of them has been used. */
  let isInUse = false
  let tookPlace = false
  /** Since when what is stored can be of no other tenant; Infinity while others serve the connector as another one's. */
  let startsAt = openedAt
  /** The last key that was found to be of another tenant than that one. */
  let other: { readonly key: string; readonly before: string } | undefined

  const rootOf = (key: string): string => state.keptAs(stateId(url, key))
  const last = (): string | undefined => {
    const tenant = tenancies.all().at(-1)?.tenant
    return tenant === undefined ? undefined : state.keptAs(tenant)
  }
  const ownPeriods = (own: string | undefined): readonly Period[] | undefined =>
    periodsOf(tenancies.all(), id => state.keptAs(id) === own)
  const settleOn = (key: string): void => {
    settled.add(key)
    isInUse = true
    failure = undefined
  }

  /** Whether it may be used without asking. */
  const isKnown = (key: string): boolean => {
    if (settled.has(key)) return true
    const before = last()
    if (before !== undefined && before !== rootOf(key)) return false
    if (before === undefined) tenancies.begin({ tenant: rootOf(key), from: 0 })
    settleOn(key)
    return true
  }

  const judge = async (key: string, before: string): Promise<Verdict> => {
    if (evidence === undefined) return 'same'
    const root = rootOf(key)
    // Where another connector spends on that key already, its limit is the one that counts.
    if (state.limiters.has(root)) return 'another'
    // The connector is pointed back to a tenant that it was of before.
    if (tenancies.all().some(({ tenant }) => state.keptAs(tenant) === root)) return 'another'
    const former = { tenant: before, periods: ownPeriods(before) }
    // Nothing is there that could be given to somebody else.
    if (!(await evidence.hasAny(former))) return 'same'
    let refusal: UpstreamRefusedError | undefined
    let answered = 0
    for (const name of (await evidence.lists(former)).slice(0, MOST_LISTS)) {
      try {
        const ids = await options.firstIds(name, key, before)
        answered += 1
        if (ids.length > 0 && (await evidence.knows(former, name, ids))) return 'same'
      } catch (error) {
        // A key may read some lists and not others.
        if (!(error instanceof UpstreamRefusedError) || error.status === 401) throw error
        refusal = error
      }
    }
    if (answered === 0 && refusal !== undefined) throw refusal
    return 'another'
  }

  const isElsewhere = async (before: string): Promise<boolean> => {
    const is = (await evidence?.isServedElsewhere(before)) === true
    if (is) startsAt = Infinity
    else if (startsAt === Infinity) startsAt = clock.now()
    return is
  }

  const isOfAnother = async (key: string, before: string): Promise<boolean> => {
    if (other?.key === key && other.before === before) return true
    // They may have stopped once Push has answered, and stored much until then.
    await isElsewhere(before)
    if ((await judge(key, before)) === 'same') return false
    other = { key, before }
    return true
  }

  const recognise = async (key: string, before: string): Promise<void> => {
    if (!(await isOfAnother(key, before))) {
      state.succeed(rootOf(key), before)
      log?.(
        'info',
        `The key of connector ${alias} is another one, of the same tenant: what is kept goes on.`,
      )
      return
    }
    if (isInUse) {
      options.onOther()
      throw new UpstreamRefusedError(otherTenant(alias), 403)
    }
    if (await isElsewhere(before))
      throw new UpstreamRefusedError(
        `The key of connector ${alias} is another tenant's than the one as which other servers on the same data serve it. ` +
          'It is not served here until they have stopped, or this one has a key of theirs.',
        403,
      )
    tenancies.begin({ tenant: rootOf(key), from: startsAt })
    tookPlace = true
    log?.('warn', `${otherTenant(alias)} It begins anew; nothing of the former is shown under it.`)
  }

  /** @throws {GatewayError} where nobody can say now whose it is */
  const ask = async (key: string): Promise<void> => {
    const before = last()
    if (isKnown(key) || before === undefined) return
    asking ??= recognise(key, before)
      .then(
        () => settleOn(key),
        (error: unknown) => {
          const told =
            error instanceof GatewayError
              ? error
              : new UpstreamUnavailableError(
                  `Whose the key of connector ${alias} is cannot be found out now, since what is stored cannot be read.`,
                  undefined,
                  error,
                )
          failure = told.message
          throw told
        },
      )
      .finally(() => (asking = undefined))
    await asking
    // Another one may have been asked about.
    await ask(key)
  }

  const current = async (): Promise<string> => {
    const key = await keys.current()
    try {
      await ask(key)
      return key
    } catch (error) {
      if (!isKeyRefusal(error)) throw error
      const other = await keys.replace(key)
      if (other === undefined) throw error
      await ask(other)
      return other
    }
  }

  const settle = (): Promise<boolean> =>
    current().then(
      () => true,
      () => false,
    )

  const open = (): boolean => {
    const key = keys.known()
    return key !== undefined && !isKnown(key)
  }

  return {
    keys: {
      known: () => (open() ? undefined : keys.known()),
      flaw: keys.flaw,
      current,
      replace: async refused => {
        const other = await keys.replace(refused)
        if (other !== undefined) await ask(other)
        return other
      },
    },
    tenure: {
      settle,
      doubt: () =>
        open()
          ? (failure ??
            `Whether the new key of connector ${alias} is of the same tenant is not known yet.`)
          : undefined,
      takesDeliveries: async () => {
        const before = last()
        if (!open() || before === undefined || evidence === undefined) return true
        const arrivedAt = clock.now()
        await isElsewhere(before)
        // What came before another tenant's time would never be shown as its: Push sends it again.
        return arrivedAt >= startsAt || ((await settle()) && !tookPlace)
      },
      periods: () => {
        if (open()) return startsAt === Infinity ? [] : [{ from: startsAt, until: Infinity }]
        const key = keys.known()
        return ownPeriods(key === undefined ? last() : rootOf(key))
      },
      since: () => Math.max(openedAt, tenancies.all().at(-1)?.from ?? 0),
      tookPlace: () => tookPlace,
    },
  }
}

const otherTenant = (alias: string): string =>
  `The key of connector ${alias} is another tenant's than the one before.`
