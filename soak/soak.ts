/**
 * `npm run soak`: ten minutes of everything at once, and whether anything of what is promised breaks.
 *
 *   npm run soak -- --seconds 60       for so long
 *   npm run soak -- --rate 100         so many operations a second (200); a quarter as many webhooks
 *   npm run soak -- --seed 7           another chance
 *   npm run soak -- --kills 50         instead: a server that is killed so often at random moments, and what it says after that
 *   npm run soak -- --kills 5 --life 200    each server lives for up to so many seconds (4)
 *
 * Ends with exit code 1 where something broke, and says what.
 */
import { parseArgs } from 'node:util'
import { runKills } from './kills/kills.ts'
import { runSoak } from './run.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    rate: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    kills: { type: 'string' },
    life: { type: 'string', default: '4' },
  },
})
const seed = Number(values.seed)
const { figures, flaws } =
  values.kills === undefined
    ? await runSoak({
        seconds: Number(values.seconds),
        rate: Number(values.rate),
        seed,
        onMinute: line => console.log(line),
      })
    : await runKills({
        kills: Number(values.kills),
        lifeSeconds: Number(values.life),
        seed,
        onKill: line => console.log(line),
      })
for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(34)} ${value}`)
for (const flaw of flaws) console.log(`broken: ${flaw}`)
process.exit(flaws.length > 0 ? 1 : 0)
