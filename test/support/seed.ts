/**
 * Before each file of tests: fast-check draws the same cases in every run, so that a suite that passed passes again. A
 * search for other cases sets PUSHGRAPH_TEST_SEED, and mostly PUSHGRAPH_TEST_RUNS.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['PUSHGRAPH_TEST_SEED'] ?? 1) })
