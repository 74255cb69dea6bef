/**
 * The results for the inputs, in their order, with at most `width` under way at once and none begun before one of
 * them is free. When the reader leaves, what was begun is left to itself.
 */
export async function* inOrder<Input, Result>(
  inputs: readonly Input[],
  width: number,
  run: (input: Input) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = []
  let next = 0
  while (next < inputs.length || underWay.length > 0) {
    while (next < inputs.length && underWay.length < width) {
      const begun = run(inputs[next++] as Input)
      // Told by the one that is awaited; the others' failures have no other reader.
      begun.catch(() => undefined)
      underWay.push(begun)
    }
    yield (await underWay.shift()) as Result
  }
}
