/** The tenants: stand-ins of which nobody knows how they fare in the next moment. */
import {
  createStandIn,
  type FaultKind,
  faultKinds,
  type StandIn,
  type Switches,
} from '../src/demo/stand-in.ts'
import type { Random } from '../src/demo/tenant/random.ts'

export interface Tenant {
  readonly alias: string
  readonly standIn: StandIn
}

/** What stays as it is for a tenant: what is unknown of Push's API, but nothing by which rows could not be found. */
const facts = (random: Random): Partial<Switches> => ({
  maxPage: random.pick([50, 200]),
  lastToken: random.pick(['null', 'absent', 'empty-page'] as const),
  tokens: random.pick(['keyset', 'position'] as const),
  emptyPages: random.pick([0, 3]),
  shortPages: random.chance(0.5),
  offset: random.pick(['works', 'ignored', 'refused'] as const),
  parameters: random.pick(['honoured', 'widened', 'ignored'] as const),
  unknownParameters: random.pick(['ignored', 'refused'] as const),
  byId: random.pick(['works', 'missing', 'forbidden'] as const),
  unknownId: random.pick([404, 400] as const),
  listDetails: random.chance(0.5),
  retryAfter: random.pick(['seconds', 'date', 'none'] as const),
})

export const startTenants = async (
  aliases: readonly string[],
  random: Random,
  limiter: boolean,
): Promise<Tenant[]> =>
  Promise.all(
    aliases.map(async (alias, index) => ({
      alias,
      standIn: await createStandIn({
        seed: index + 1,
        scale: 0.1,
        switches: { ...(index === 0 ? {} : facts(random)), latencyMs: 20, limiter },
      }),
    })),
  )

/** Changes what the way to that tenant is like: two times in five it is good, else it fails by every kind of fault. */
export const changeWeather = ({ standIn }: Tenant, random: Random): void => {
  if (random.chance(0.4)) {
    calm({ standIn })
    return
  }
  const kinds: FaultKind[] = random.some(faultKinds, random.between(1, 5))
  standIn.set({
    faultRate: random.pick([0.05, 0.2, 0.6, 1]),
    faultKinds: kinds,
    latencyMs: random.pick([0, 20, 300]),
  })
}

export const calm = ({ standIn }: Pick<Tenant, 'standIn'>): void => {
  standIn.set({ faultRate: 0, latencyMs: 20 })
}
