/** The highest sequence that is known to have been given: where the database knows less, it has lost some. */
export interface SeenSequence {
  highest(): number
  saw(sequence: number): void
}

export const createSeenSequence = (): SeenSequence => {
  let highest = 0
  return {
    highest: () => highest,
    saw: sequence => {
      highest = Math.max(highest, sequence)
    },
  }
}
