import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Node itself loads graphql's CommonJS build, as every library does that we import; a second copy beside it would
  // take no error and no type of theirs for its own.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    // What Node made of the sources and libraries is kept for the next file and the threads that it starts, where the
    // processes that tests start keep theirs.
    env: {
      NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/pushgraph', import.meta.url)),
    },
    globalSetup: 'examples/supergraph/install.ts',
    // More than there are processors: much of what they do is waiting, for time, for files, for other processes.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is waited for comes in its own time where the machine is busy; the default is one second.
    expect: { poll: { timeout: 45_000 } },
  },
})
