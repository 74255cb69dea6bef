/** The same function, which finds what belongs to an object once, for as long as there is that object. */
export const rememberFor = <Of extends object, Found>(find: (of: Of) => Found): typeof find => {
  const kept = new WeakMap<Of, { readonly found: Found }>()
  return of => {
    let known = kept.get(of)
    if (known === undefined) kept.set(of, (known = { found: find(of) }))
    return known.found
  }
}
