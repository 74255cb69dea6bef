/** A list in memory as an export reads it, with every doubt about paging as an option. */
import { UpstreamRefusedError } from '../../src/errors.ts'
import type { Page, PageRequest, Source } from '../../src/export/source.ts'
import type { CollectionName, Rows } from '../../src/model/rows.ts'

export interface FakeSourceOptions {
  readonly rows: readonly Rows[CollectionName][]
  readonly pageSize: number
  readonly width: number
  readonly offset: 'works' | 'ignored' | 'refused' | 'without token'
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
  readonly asked: readonly PageRequest[]
  /** From now on Push takes none of the tokens that it gave. */
  readonly forgetTokens: () => void
}

export const createFakeSource = (options: FakeSourceOptions): FakeSource => {
  const { rows, pageSize } = options
  const asked: PageRequest[] = []
  const offsets = new Map<string, boolean>()
  const refused = new Set<string>()
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
    connector: 'default',
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
      const hasToken = options.offset !== 'without token' || request.offset === undefined
      return {
        rows: rows.slice(start, end),
        nextToken: end < rows.length && hasToken ? `${life} ${end}` : undefined,
        sent: end - start,
        unreadable: [],
      } as unknown as Page<Name>
    },
    one: <Name extends CollectionName>(_name: Name, id: string) =>
      (options.one?.(id) ?? Promise.resolve(null)) as Promise<Rows[Name] | null>,
    pageSize: () => pageSize,
    width: () => options.width,
    expectedRows: () => options.expected,
    readWhole: () => undefined,
    offsets: name => offsets.get(name),
    learntOffsets: (name, work) => {
      offsets.set(name, work)
    },
    readsById: () => true,
    narrowsBy: (_name, parameter) => !refused.has(parameter),
    refusesParameter: (_name, parameter) => {
      refused.add(parameter)
    },
  }
}
