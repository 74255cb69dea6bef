/** Bundles the overview into build/overview, from where the server serves it under /. */
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'src/http/pages/overview',
  base: '/overview/',
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: '../../../../build/overview',
    emptyOutDir: true,
    // Small files stay files: the page's policy takes none that stand within others.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: false } },
  },
})
