/**
 * Calls under way, for clients of the protocol before 2026: they cancel a call by another request. Nothing else is remembered
 * between requests, so that a call is found by its caller and the id that its client gave it.
 */

/** A message as it came. */
interface Message {
  readonly method?: unknown
  readonly id?: unknown
  readonly params?: unknown
}

export interface CallsUnderWay {
  /**
   * The signal that ends what that message asks for when its caller cancels it; undefined where it asks for nothing that could
   * be. `done` is called when it is over.
   */
  begin(
    caller: string,
    message: unknown,
  ): { readonly signal: AbortSignal; done(): void } | undefined
  /** Ends the call that the message cancels, where it cancels one and its caller has but one of that id. */
  cancel(caller: string, message: unknown): void
}

export const createCallsUnderWay = (): CallsUnderWay => {
  const running = new Map<string, Set<AbortController>>()

  return {
    begin: (caller, message) => {
      const { method, id } = membersOf(message)
      if (method !== 'tools/call') return undefined
      const key = keyOf(caller, id)
      const controller = new AbortController()
      const same = running.get(key) ?? new Set()
      running.set(key, same.add(controller))
      return {
        signal: controller.signal,
        done: () => {
          same.delete(controller)
          if (same.size === 0) running.delete(key)
        },
      }
    },
    cancel: (caller, message) => {
      const { method, params } = membersOf(message)
      if (method !== 'notifications/cancelled') return
      const { requestId } = membersOf(params) as { readonly requestId?: unknown }
      const found = [...(running.get(keyOf(caller, requestId)) ?? [])]
      // Several clients of one caller may count alike: nobody can tell whose call is meant.
      if (found.length === 1) found[0]?.abort()
    },
  }
}

const membersOf = (value: unknown): Message =>
  typeof value === 'object' && value !== null ? value : {}

const keyOf = (caller: string, id: unknown): string => JSON.stringify([caller, id ?? null])
