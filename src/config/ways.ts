/** The ways to prove who one is. */

/** Whether any of them is one that callers are asked by. */
export const asksCallers = (text: string | undefined): boolean => {
  const ways = waysOf(text)
  return ways.has('tokens') || ways.has('jwt')
}

/** What PUSHGRAPH_AUTH names, in small letters. */
export const waysOf = (text: string | undefined): ReadonlySet<string> =>
  new Set(
    (text ?? '')
      .toLowerCase()
      .split(',')
      .map(part => part.trim()),
  )
