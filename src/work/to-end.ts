/** What steps come to that are taken in one go, whatever they take. */
export const toEnd = <T>(steps: Generator<void, T>): T => {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
