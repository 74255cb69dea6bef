/** Bundles the GraphiQL page into build/graphiql, from where the server serves it under /graphiql. */
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'src/http/pages/graphiql',
  base: '/graphiql/',
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: '../../../../build/graphiql',
    emptyOutDir: true,
    // The editor is one piece of 2.7 MB.
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      // Libraries mark files for servers that render React; here there is none.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log)
      },
    },
  },
})
