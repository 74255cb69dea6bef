/** How many random cases a property is tried with. */

/** So many where nothing else is asked for; a long run sets PUSHGRAPH_TEST_RUNS. */
export const runsOr = (usual: number): number => Number(process.env['PUSHGRAPH_TEST_RUNS'] ?? usual)
