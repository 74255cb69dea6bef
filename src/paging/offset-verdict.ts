/** Whether offsets work in a list, as far as that has been learnt, and how it is learnt from what they lead to. */
import type { CollectionName } from '../model/rows.ts'
import { offsetFact, orderFact } from '../upstream/contract/capabilities.ts'
import type { Walk } from './walk.ts'

export type OffsetVerdict = ReturnType<typeof offsetVerdictOf>

/** What is known of that list, for all who read it. */
export const offsetVerdictOf = ({ client: { facts }, collection }: Walk<CollectionName>) => {
  const fact = offsetFact(collection)
  const set = (verdict: 'works' | 'doubtful' | 'no'): void => {
    if (facts.get(fact) !== verdict) facts.set(fact, verdict)
  }
  return {
    get: () => facts.get(fact),
    set,
    /** From a page that follows on: at offset 0 it would also where offsets are passed over. */
    learnFromSeam: (offset: number): void => {
      if (offset > 0) set('works')
    },
    /** From a page that begins where the list does. Of offsets that worked before, the next try finds out by one page. */
    learnFromPassedOver: (): void => {
      set(facts.get(fact) === 'works' ? 'doubtful' : 'no')
    },
    /** No order holds from one request to the next. */
    learnNoOrder: (): void => {
      facts.set(orderFact(collection), 'changing')
      set('no')
    },
  }
}
