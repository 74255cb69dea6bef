/** Honest callers, each with an address of its own, who ask the same all the time and know what is right. */
import { Agent, request } from 'node:http'
import type { TenantData } from '../../src/demo/stand-in.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { toMemory } from '../serving/rows.ts'
import { mainThreadMs } from './watched.ts'

/** What one honest caller asks. */
export interface HonestQuestion {
  readonly of: 'livez' | 'dashboard' | 'events' | 'delivery'
  /** Where it asks, behind the server's address. */
  readonly path: string
  /** Undefined: it gets, with no body. A number of its own where no two are to be the same text. */
  readonly body?: (turn: number) => { readonly text: string; readonly headers?: Headers }
  readonly everyMs: number
  readonly isRight: (status: number, text: string) => boolean
}

type Headers = Readonly<Record<string, string>>

export interface Sample {
  readonly of: HonestQuestion['of']
  /** From asking to the whole answer. */
  readonly ms: number
  /** Processor time that the server's main thread took meanwhile: what it took others is not in it. */
  readonly busyMs: number
  /** What was wrong with the answer; undefined where nothing was. */
  readonly wrong: string | undefined
}

export interface HonestCallers {
  readonly pause: () => void
  readonly resume: () => void
  /**
   * Waits for the answers that are due, for so long at most, and gives all since the last time; those that did not come
   * are wrong ones.
   */
  readonly take: (waitMs: number) => Promise<readonly Sample[]>
  readonly stop: () => void
}

/** They ask at fixed moments, whether the last answer has come or not: one that is slow hides none. */
export const startHonest = (
  base: string,
  pid: number,
  questions: readonly HonestQuestion[],
): HonestCallers => {
  let isPaused = true
  let samples: Sample[] = []
  const waiting = new Map<
    () => void,
    Omit<Sample, 'busyMs' | 'wrong'> & { readonly from: number }
  >()
  const agents = questions.map(
    (_, index) => new Agent({ keepAlive: true, localAddress: `127.0.1.${index + 1}` }),
  )
  const timers = questions.map((question, index) => {
    let turn = 0
    return setInterval(() => {
      if (!isPaused) ask(question, agents[index], turn++)
    }, question.everyMs)
  })

  const ask = (question: HonestQuestion, agent: Agent | undefined, turn: number): void => {
    const { text, headers = {} } = question.body?.(turn) ?? {}
    const from = performance.now()
    const busyBefore = mainThreadMs(pid)
    const end = (wrong: string | undefined): void => {
      if (!waiting.delete(giveUp)) return
      const ms = performance.now() - from
      samples.push({ of: question.of, ms, busyMs: mainThreadMs(pid) - busyBefore, wrong })
    }
    const asked = request(
      `${base}${question.path}`,
      {
        agent,
        ...(text === undefined
          ? {}
          : {
              method: 'POST',
              headers: { 'content-type': 'application/json', ...headers },
            }),
      },
      response => {
        let answer = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => (answer += part))
        response.on('end', () => {
          const status = response.statusCode ?? 0
          end(
            question.isRight(status, answer)
              ? undefined
              : `${question.path} ${text ?? ''}: ${status} ${answer.slice(0, 300)}`,
          )
        })
      },
    )
    const giveUp = (): void => {
      asked.destroy()
      end(`${question.path} ${text ?? ''}: no answer`)
    }
    waiting.set(giveUp, { of: question.of, ms: 0, from })
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // A connection that was kept may be closed by the server at any time: any client asks again then.
      if (asked.reusedSocket && error.code === 'ECONNRESET' && waiting.delete(giveUp))
        ask(question, agent, turn)
      end(`${question.path}: ${error.message}`)
    })
    asked.end(text)
  }

  return {
    pause: () => {
      isPaused = true
    },
    resume: () => {
      isPaused = false
    },
    take: async waitMs => {
      const due = [...waiting.keys()]
      const until = performance.now() + waitMs
      while (due.some(each => waiting.has(each)) && performance.now() < until)
        await new Promise(resolve => setTimeout(resolve, 5))
      for (const giveUp of due) giveUp()
      const taken = samples
      samples = []
      return taken
    },
    stop: () => {
      for (const timer of timers) clearInterval(timer)
      for (const giveUp of [...waiting.keys()]) giveUp()
      for (const agent of agents) agent.destroy()
    },
  }
}

const livez: HonestQuestion = {
  of: 'livez',
  path: '/livez',
  everyMs: 10,
  isRight: status => status === 200,
}

/** `/livez`, and the six counts and lists of a dashboard, half of them as they were asked before. */
export const dashboardOf = (data: TenantData): readonly HonestQuestion[] => {
  const { employees, accounts, apps } = toMemory(data)
  const appOf = new Map(apps.map(app => [app.id, app.name]))
  const counts = new Map<string, number>()
  for (const { appType } of accounts) counts.set(appType, (counts.get(appType) ?? 0) + 1)
  const groups = [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, 10)
    .map(([key, count]) => ({ keys: [key], count }))
  const questions: readonly (readonly [query: string, data: object])[] = [
    ['{ employees { totalCount } }', { employees: { totalCount: employees.length } }],
    ['{ accounts { totalCount } }', { accounts: { totalCount: accounts.length } }],
    ['{ apps { totalCount } }', { apps: { totalCount: apps.length } }],
    ['{ accounts { groups(by: [APP_TYPE], first: 10) { keys count } } }', { accounts: { groups } }],
    [
      '{ employees(first: 20) { nodes { id email department } } }',
      {
        employees: {
          nodes: employees
            .slice(0, 20)
            .map(({ id, email, department }) => ({ id, email, department })),
        },
      },
    ],
    [
      '{ accounts(first: 20) { nodes { id email app { name } } } }',
      {
        accounts: {
          nodes: accounts.slice(0, 20).map(({ id, email, appId }) => {
            const name = appOf.get(appId)
            return { id, email, app: name === undefined ? null : { name } }
          }),
        },
      },
    ],
  ]
  return [
    livez,
    ...questions.map(([query, expected]) =>
      asking('dashboard', query, 60, JSON.stringify(expected)),
    ),
  ]
}

/** A question about the stored events, and deliveries of such as that question is not about. */
export const eventCallers = (
  query: string,
  expected: object,
  { path, secret }: { readonly path: string; readonly secret: string },
): readonly HonestQuestion[] => [
  asking('events', query, 200, JSON.stringify(expected)),
  {
    of: 'delivery',
    path,
    everyMs: 250,
    body: turn => {
      const seconds = Math.floor(Date.now() / 1_000)
      const text = JSON.stringify({
        version: '1',
        id: `fair ${process.pid} ${seconds} ${turn}`,
        timestamp: seconds,
        object: 'LOGIN',
        category: 'ACTIVITY',
        friendlyName: 'Login',
        description: 'made up',
        new: { employeeId: 'nobody', email: 'nobody@example.com', sourceIpAddress: '203.0.113.7' },
      })
      return {
        text,
        headers: { 'x-signature': sign(secret, seconds, Buffer.from(text)) },
      }
    },
    isRight: status => status === 200,
  },
]

const asking = (
  of: HonestQuestion['of'],
  query: string,
  everyMs: number,
  expected: string,
): HonestQuestion => ({
  of,
  path: '/graphql',
  everyMs,
  body: turn => ({
    text: JSON.stringify({ query, variables: turn % 2 === 0 ? {} : { turn } }),
  }),
  isRight: (status, text) => {
    if (status !== 200) return false
    const { data, errors } = JSON.parse(text) as {
      readonly data?: unknown
      readonly errors?: unknown
    }
    return errors === undefined && JSON.stringify(data) === expected
  },
})
