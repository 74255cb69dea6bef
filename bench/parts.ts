/** Which parts of the bench are run, by what `--only` says. */

/**
 * The parts in the order in which they are named; all of them where nothing is. A name stands for itself, or for all parts that
 * belong to it: `replicas` for `replicas:cold`, `replicas:rate` and so on.
 *
 * @throws {Error} where there is no such part
 */
export const chooseParts = (
  only: string | undefined,
  names: readonly string[],
): readonly string[] => {
  const chosen = (only?.split(',') ?? names).flatMap(asked => {
    const found = names.filter(name => name === asked || name.startsWith(`${asked}:`))
    if (found.length === 0)
      throw new Error(`There is no part "${asked}": there are ${names.join(', ')}`)
    return found
  })
  return [...new Set(chosen)]
}
