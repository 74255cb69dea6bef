/** The value of a function that is called again and again with the same few arguments. */
export const once = <Argument, Value>(make: (of: Argument) => Value): ((of: Argument) => Value) => {
  const made = new Map<Argument, Value>()
  return of => {
    const value = made.get(of) ?? make(of)
    made.set(of, value)
    return value
  }
}
