/** Functions that remember what they found. */

/** The same function, which finds nothing anew for what it was asked last: the same few values come again and again. */
export const rememberLast = <Of, Found>(find: (of: Of) => Found): typeof find => {
  let last: { readonly of: Of; readonly found: Found } | undefined
  return of => {
    if (last === undefined || last.of !== of) last = { of, found: find(of) }
    return last.found
  }
}

/** The same function, which finds what belongs to an object once, for as long as there is that object. */
export const rememberFor = <Of extends object, Found>(find: (of: Of) => Found): typeof find => {
  const kept = new WeakMap<Of, { readonly found: Found }>()
  return of => {
    let known = kept.get(of)
    if (known === undefined) kept.set(of, (known = { found: find(of) }))
    return known.found
  }
}
