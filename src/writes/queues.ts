/** Work on one thing at a time, in the order in which it came; on different things side by side. */
export interface Queues {
  /** What `work` comes to, begun once all that came before under that name is over. */
  next<Result>(name: string, work: () => Promise<Result>): Promise<Result>
  /** Resolves when all that has been begun is over. */
  idle(): Promise<void>
}

export const createQueues = (): Queues => {
  const last = new Map<string, Promise<unknown>>()
  return {
    next: (name, work) => {
      const before = last.get(name) ?? Promise.resolve()
      const done = before.then(work, work)
      // Whoever comes next waits for the end, whatever it is.
      const over = done
        .catch(() => undefined)
        .finally(() => {
          if (last.get(name) === over) last.delete(name)
        })
      last.set(name, over)
      return done
    },
    idle: async () => {
      await Promise.all(last.values())
    },
  }
}
