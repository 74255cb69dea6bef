/**
 * The stand-in for Push's API in a process of its own, so that its work is not taken for that of who asks it:
 * `node stand-in-process.ts '{"seed": 1, "scale": 1, "now": 1700000000, "switches": {}}'`. Prints its address.
 */
import { createStandIn } from '../../src/demo/stand-in.ts'
import type { StandInOptions } from '../../src/demo/stand-in.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as StandInOptions
const standIn = await createStandIn({ ...options, control: true })
console.log(`listening ${standIn.url}`)
