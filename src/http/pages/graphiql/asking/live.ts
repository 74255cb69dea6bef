/** The last events of a subscription. */
const LIMIT = 100

interface EventAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly unknown[]
}

/** How many came, and the last of them by the name of their field, the newest first. */
export type LastEvents = Readonly<Record<string, unknown>> & { readonly received: number }

/** Takes one answer after the other; gives what is kept of all so far. */
export const keepLast = (limit = LIMIT): ((answer: EventAnswer) => LastEvents) => {
  let received = 0
  let field = 'data'
  const kept: unknown[] = []
  return ({ data, errors }) => {
    received += 1
    const [name, ...others] = Object.keys(data ?? {})
    const isOne = name !== undefined && others.length === 0
    if (isOne) field = name
    const event = isOne ? data?.[name] : (data ?? null)
    kept.unshift(errors === undefined ? event : { [field]: event, errors })
    if (kept.length > limit) kept.pop()
    return { received, [field]: [...kept] }
  }
}
