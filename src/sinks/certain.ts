/** Of which connectors it is known whose they are. That may have to be asked of Push, and nobody waits for it for long. */
import type { Clock } from '../model/clock.ts'

const WITHIN_MS = 500

/** Those of the aliases of which `isCertain` says so in time. */
export const certainOf = async (
  aliases: readonly string[],
  isCertain: (alias: string) => Promise<boolean>,
  clock: Clock,
): Promise<readonly string[]> => {
  const known = new Set<string>()
  const all = Promise.all(
    aliases.map(async alias => {
      if (await isCertain(alias).catch(() => false)) known.add(alias)
    }),
  )
  await new Promise<void>(resolve => {
    const stop = clock.after(WITHIN_MS, resolve)
    void all.then(() => {
      stop()
      resolve()
    })
  })
  return aliases.filter(alias => known.has(alias))
}
