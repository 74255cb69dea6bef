/** Bundles the GraphiQL page into build/graphiql, from where the server serves it under /graphiql. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { QUESTIONS_FILE, readQuestions } from './src/http/pages/questions.ts'

const root = fileURLToPath(new URL('.', import.meta.url))

/** The questions of the menu beside the bundle: the server gives them to the page, as its graph answers them. */
const questions = (): Plugin => ({
  name: 'questions',
  generateBundle() {
    const page = readFileSync(`${root}docs/queries.md`, 'utf8')
    const source = JSON.stringify(readQuestions(page))
    this.emitFile({ type: 'asset', fileName: QUESTIONS_FILE, source })
  },
})

export default defineConfig({
  root: 'src/http/pages/graphiql',
  base: '/graphiql/',
  publicDir: false,
  logLevel: 'warn',
  plugins: [questions()],
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
