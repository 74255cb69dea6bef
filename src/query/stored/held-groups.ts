/** How many groups of a stored list are counted where only so much may be held. */
import { CallerLimitError } from '../../errors.ts'
import { isRefusedForOthers } from '../../events/counting.ts'
import type { Counted } from '../../events/events.ts'
import type { HeldMemory } from '../../work/large-holdings.ts'
import type { Work } from '../../work/work.ts'

type Ask = () => Promise<readonly Counted[]>

const RETRY_AFTER_MS = 1_000

/**
 * What is counted where as many may be held at once. Else nothing is held while that is waited for, and it is counted once more; so is
 * what was refused for all that others count at the same time. @throws {CallerLimitError} where it is refused for that again
 */
export const countedBy = async (
  ask: Ask,
  work: Work,
  holding: HeldMemory,
): Promise<readonly Counted[]> => {
  const atOnce = await countedAtOnce(ask, holding)
  if (atOnce !== undefined) return atOnce
  await work.run(holding.enter())
  try {
    return await ask()
  } catch (error) {
    if (!isRefusedForOthers(error)) throw error
    const { message, fields } = error
    throw new CallerLimitError(message, {
      limit: String(fields['limit']),
      max: Number(fields['max']),
      retryAfterMs: RETRY_AFTER_MS,
    })
  }
}

const countedAtOnce = async (
  ask: Ask,
  holding: HeldMemory,
): Promise<readonly Counted[] | undefined> => {
  try {
    const counted = await ask()
    holding.add(counted.length)
    return holding.isLet() ? counted : undefined
  } catch (error) {
    if (isRefusedForOthers(error)) return undefined
    throw error
  }
}
