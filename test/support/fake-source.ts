/** A list in memory as an export reads it, with whatever is uncertain about paging as an option. */
import { UpstreamRefusedError } from '../../src/errors.ts'
import type { CollectionName, Rows } from '../../src/model/rows.ts'
import type {
  Facts,
  Lookup,
  Page,
  PageRequest,
  Source,
} from '../../src/upstream/contract/contract.ts'

export interface FakeSourceOptions {
  readonly rows: readonly Rows[CollectionName][]
  readonly pageSize: number
  readonly width: number
  readonly offset: 'works' | 'ignored' | 'refused' | 'without token'
  /** More is promised without a token. */
  readonly hasNoTokens?: boolean
  /** Every so many pages one is empty, or half as long; 0: none. */
  readonly emptyEvery?: number
  readonly shortEvery?: number
  /** Rows that the list is thought to have. */
  readonly expected?: number | undefined
  /** What is answered by id; null where nothing is. */
  readonly one?: (id: string) => Promise<Rows[CollectionName] | null>
  /** Awaited before each answer. */
  readonly before?: (request: PageRequest) => Promise<void> | void
}

export interface FakeSource extends Source {
  /** Requests that may be under way at once. */
  readonly width: () => number
  readonly asked: readonly PageRequest[]
  /** From now on Push takes none of the tokens that it gave. */
  readonly forgetTokens: () => void
}

export const createFakeSource = (options: FakeSourceOptions): FakeSource => {
  const { rows, pageSize } = options
  const asked: PageRequest[] = []
  const verdicts = new Map<string, string>()
  const facts: Facts = {
    get: name => verdicts.get(name),
    set: (name, verdict) => {
      verdicts.set(name, verdict)
    },
    all: () => verdicts,
  }
  let life = 1
  let served = 0

  const startOf = ({ nextToken, offset }: PageRequest): number => {
    if (nextToken !== undefined) {
      const [of, at] = nextToken.split(' ')
      if (Number(of) !== life) throw new UpstreamRefusedError('Invalid nextToken', 400)
      return Number(at)
    }
    if (offset === undefined || options.offset === 'ignored') return 0
    if (options.offset === 'refused') throw new UpstreamRefusedError('Unknown parameter', 400)
    return offset
  }

  return {
    asked,
    forgetTokens: () => {
      life += 1
    },
    page: async <Name extends CollectionName>(_name: Name, request: PageRequest) => {
      asked.push(request)
      await options.before?.(request)
      const start = startOf(request)
      served += 1
      const every = (n = 0): boolean => n > 0 && served % n === 0
      const length = every(options.emptyEvery)
        ? 0
        : every(options.shortEvery)
          ? Math.ceil(pageSize / 2)
          : pageSize
      const end = Math.min(rows.length, start + length)
      const more = end < rows.length
      const hasNoTokens = options.hasNoTokens === true
      const hasToken = options.offset !== 'without token' || request.offset === undefined
      return {
        rows: rows.slice(start, end),
        nextToken: more && hasToken && !hasNoTokens ? `${life} ${end}` : undefined,
        promisesMore: more && hasNoTokens,
        sent: end - start,
        unreadable: [],
      } as unknown as Page<Name>
    },
    one: async <Name extends CollectionName>(_name: Name, id: string): Promise<Lookup<Name>> => {
      const row = (await options.one?.(id)) as Rows[Name] | null | undefined
      return row ? { kind: 'row', row, readAt: 0 } : { kind: 'absent', status: 404, readAt: 0 }
    },
    write: async () => {
      throw new UpstreamRefusedError('Nothing is written here', 403)
    },
    pageSize: () => pageSize,
    width: () => options.width,
    latencyMs: () => 0,
    hasAnswered: () => true,
    rateLimit: () => ({ limit: 10, burst: 10, available: 10, queued: 0, estimatedWaitMs: 0 }),
    health: () => ({ status: 'OK', reason: null, asks: true }),
    facts,
    sizes: {
      get: () => (options.expected === undefined ? undefined : { rows: options.expected, at: 0 }),
      set: () => undefined,
    },
    close: async () => undefined,
  }
}
