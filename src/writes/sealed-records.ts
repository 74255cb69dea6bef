/** What came of writes may name persons: where a key is given, it is sealed as Push's answers are. */
import { createSeals, openText, sealText } from '../answers/sealing.ts'
import type { RecordedWrite, WriteRecords } from './records.ts'

/**
 * Those records, each result sealed with the first of these keys, as it is without any; what none of them opens counts as
 * unknown. What is sealed is JSON as well: a text.
 */
export const sealRecords = (
  records: WriteRecords,
  dataKeys: readonly Uint8Array[],
): WriteRecords => {
  const seals = createSeals(dataKeys)
  const opened = (id: string, known: RecordedWrite | undefined): RecordedWrite | undefined => {
    if (known === undefined || known.result === null) return known
    const { result } = known
    const kept = result.startsWith('"') ? (JSON.parse(result) as string) : result
    return { ...known, result: openText(seals, kept, placeOf(id)) ?? null }
  }
  return {
    ...records,
    find: async id => opened(id, await records.find(id)),
    begin: async (id, input) => opened(id, await records.begin(id, input)),
    finish: (id, result) => {
      const kept = sealText(seals, result, placeOf(id))
      return records.finish(id, kept === result ? result : JSON.stringify(kept))
    },
  }
}

const placeOf = (id: string): string => `write ${id}`
