import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { debianPostgres, OTHER_POSTGRES } from './test/support/debian-postgres.ts'

/** They change the process that they run in (its zone of time, its environment), or count what it has open. */
const alone = ['test/app.test.ts', 'test/recipe.test.ts', 'test/model/http/retry-after.test.ts']

/** They want packages of their own, which take a minute to install: nobody else waits for them. */
const clients = 'test/examples/clients/*.test.ts'

/**
 * The rooms below the graph, and all above. Files of one half after another in the same process load the sources once and
 * have them compiled by then, which takes a third less processor time; each half begins with new processes, as what
 * files keep in memory adds up. A file must leave the process as it found it.
 */
const below =
  'test/{answers,config,demo,events,export,filter,loaders,model,paging,postgres,query,store,threads,upstream,work}/**/*.test.ts'

/** They take longest; begun last, they would leave the other processors idle. */
const first = [
  'test/main/export.test.ts',
  'test/examples/supergraph.test.ts',
  'test/recipe.test.ts',
  'test/query/parity/paging.test.ts',
  'test/main/serve.test.ts',
  'test/http/webhooks.test.ts',
  'test/upstream/limiter/no-429-of-our-own.test.ts',
  'test/postgres/limits/chaos.test.ts',
  'test/app/isolation.test.ts',
  'test/app/faults.test.ts',
  'test/main/commands.test.ts',
  'test/query/failures.test.ts',
]

/** What knows most of PostgreSQL is tried with the oldest that will do as well. */
const withOlder = [
  'test/postgres/connecting/schema.test.ts',
  'test/postgres/limits/{buckets,caller-tokens}.test.ts',
  'test/postgres/answers/open-shared-answers.test.ts',
  'test/postgres/events/{conditions,deleting,same-answers,storing}.test.ts',
  'test/postgres/{history,writes}/**/*.test.ts',
  'test/events/changes/stored-changes.test.ts',
  'test/writes/records.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = first.findIndex(name => moduleId.endsWith(name))
      return found < 0 ? first.length : found
    }
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  // Node itself loads graphql's CommonJS build, as every library does that we import; a second copy beside it would
  // take no error and no type of theirs for its own.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    environment: 'node',
    // What Node made of the sources and libraries is kept for the next file and the threads that it starts, where the
    // processes that tests start keep theirs.
    env: {
      NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/pushgraph', import.meta.url)),
    },
    globalSetup: [
      'examples/supergraph/install.ts',
      'examples/replicas/install.ts',
      'test/support/debian-postgres.ts',
    ],
    setupFiles: 'test/support/seed.ts',
    sequence: { sequencer: LongestFirst },
    // More than there are processors: much of what they do is waiting, for time, for files, for other processes.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // What is waited for comes in its own time where the machine is busy; what never comes is told soon enough.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 120_000 } },
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      {
        extends: true,
        test: { name: 'below', include: [below], exclude: alone, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'above',
          include: ['test/**/*.test.ts'],
          exclude: [...alone, below, clients],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'clients',
          include: [clients],
          isolate: false,
          globalSetup: 'examples/clients/install.ts',
        },
      },
      ...(debianPostgres === undefined
        ? []
        : [
            {
              extends: true as const,
              test: {
                name: 'PostgreSQL 15',
                include: withOlder,
                isolate: false,
                env: { [OTHER_POSTGRES]: debianPostgres },
              },
            },
          ]),
    ],
  },
})
