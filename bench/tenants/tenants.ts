/** Whether one server holds many tenants: those in use unharmed, the others back quickly, memory within its bound. */
import { median, type Section } from '../report/section.ts'
import { figure } from '../report/table.ts'
import { startFleet } from './fleet.ts'
import { type Asked, measureFleet, type TenantFigures } from './measure.ts'

const IN_USE = 20
/** Of sealed answers a few say as much. */
const SEALED = 30
/** Of design.md. */
const PROMISED = { residentMb: 1_000, rowsPerSecond: 80_000, accountsMs: 150, p99Ms: 50 }

export const measureTenants = async (count: number): Promise<Section> => {
  const inUse = Math.min(IN_USE, Math.ceil(count / 10))
  const open = await measure(count, inUse, false)
  const sealed = await measure(Math.min(count, SEALED), Math.min(inUse, 3), true)
  const worstMs = percentile(open.besideMs, 0.99)
  return {
    title: 'Many tenants',
    method: `${count} connectors, each a tenant of the demo tenant's size, that another server on the same data folder has read. A
dashboard of six collections of ${inUse} of them is asked once a second each, while the others are asked the same in turn; memory
has room for about 25 (\`PUSHGRAPH_MAX_MEMORY_MB\` as it is by default). Cold: nothing of that tenant was in memory. Nothing was asked
of Push meanwhile: ${figure(open.requests + sealed.requests)} requests. Sealed (\`PUSHGRAPH_DATA_KEY_FILE\`) with ${Math.min(count, SEALED)} tenants.`,
    tables: [
      {
        title: `${count} tenants on one server`,
        columns: ['what', 'kept', 'kept sealed', 'promised'],
        rows: [
          row('resident memory at most, MB', open, sealed, of => of.peakMb, PROMISED.residentMb),
          row('dashboard in use alone, 99 % within ms', open, sealed, of =>
            percentile(of.aloneMs, 0.99),
          ),
          row(
            'dashboard in use beside cold ones, 99 % within ms',
            open,
            sealed,
            of => percentile(of.besideMs, 0.99),
            PROMISED.p99Ms,
          ),
          row(
            'cold dashboard, rows/s',
            open,
            sealed,
            of => speedOf(of.cold),
            PROMISED.rowsPerSecond,
          ),
          row('cold dashboard beside those in use, rows/s', open, sealed, of =>
            speedOf(of.coldBeside),
          ),
          row(
            '12,000 accounts back, ms',
            open,
            sealed,
            of => median(of.accounts.map(({ ms }) => ms)),
            PROMISED.accountsMs,
          ),
        ],
      },
    ],
    charts: [],
    figures: [open, sealed].map(of => ({
      ...of,
      aloneMs: percentile(of.aloneMs, 0.99),
      besideMs: percentile(of.besideMs, 0.99),
      cold: speedOf(of.cold),
      coldBeside: speedOf(of.coldBeside),
      accounts: median(of.accounts.map(({ ms }) => ms)),
    })),
    missed: [
      ...miss('MB resident', open.peakMb, open.peakMb <= PROMISED.residentMb),
      ...miss('ms for a dashboard in use', worstMs, worstMs <= PROMISED.p99Ms),
      ...miss(
        'rows/s of a cold dashboard',
        speedOf(open.cold),
        speedOf(open.cold) >= PROMISED.rowsPerSecond,
      ),
      ...miss(
        'ms for 12,000 accounts',
        median(open.accounts.map(({ ms }) => ms)),
        median(open.accounts.map(({ ms }) => ms)) <= PROMISED.accountsMs,
      ),
      ...miss(
        'requests to Push',
        open.requests + sealed.requests,
        open.requests + sealed.requests === 0,
      ),
    ],
  }
}

const measure = async (count: number, inUse: number, isSealed: boolean): Promise<TenantFigures> => {
  const fleet = await startFleet(count, isSealed)
  try {
    return await measureFleet(fleet, inUse)
  } finally {
    await fleet.stop()
  }
}

const row = (
  name: string,
  open: TenantFigures,
  sealed: TenantFigures,
  of: (figures: TenantFigures) => number,
  promised?: number,
): readonly string[] => [
  name,
  figure(Math.round(of(open))),
  figure(Math.round(of(sealed))),
  promised === undefined ? '' : figure(promised),
]

const miss = (what: string, value: number, isKept: boolean): readonly string[] =>
  isKept ? [] : [`tenants: ${figure(Math.round(value))} ${what}`]

const speedOf = (asked: readonly Asked[]): number => {
  const sum = (of: (one: Asked) => number): number =>
    asked.reduce((total, one) => total + of(one), 0)
  return sum(({ rows }) => rows) / (sum(({ ms }) => ms) / 1_000)
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? NaN
