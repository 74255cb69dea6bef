/** The ways to prove who one is. */

/** What PUSHGRAPH_AUTH names, in small letters. */
export const waysOf = (text: string | undefined): ReadonlySet<string> =>
  new Set(
    (text ?? '')
      .toLowerCase()
      .split(',')
      .map(part => part.trim()),
  )
