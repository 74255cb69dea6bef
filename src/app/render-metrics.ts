/** All figures as text, whatever becomes of one of them: what cannot be looked up, or not in time, is left out and counted. */
import type { Registry } from 'prom-client'

export interface RenderOptions {
  readonly registry: Pick<Registry, 'getMetricsAsArray' | 'getSingleMetricAsString'>
  /** Counts a figure that is left out. */
  readonly onLeftOut: (name: string) => void
  /** The figure that `onLeftOut` counts in: rendered last. */
  readonly last: string
  /** How long a figure may take to be looked up, in milliseconds. */
  readonly withinMs: number
}

/** The returned function renders them. */
export const createRenderMetrics = ({
  registry,
  onLeftOut,
  last,
  withinMs,
}: RenderOptions): (() => Promise<string>) => {
  /** Those that are looked up now: one that takes for ever is not begun again each time that somebody asks. */
  const underWay = new Map<string, Promise<string>>()

  const lookUp = (name: string): Promise<string> => {
    const known = underWay.get(name)
    if (known !== undefined) return known
    const looking = registry.getSingleMetricAsString(name).finally(() => underWay.delete(name))
    underWay.set(name, looking)
    return looking
  }

  const textOf = async (name: string): Promise<string | undefined> => {
    const { promise: late, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(resolve, withinMs, undefined)
    try {
      const text = await Promise.race([lookUp(name), late])
      if (text === undefined) onLeftOut(name)
      return text
    } catch {
      onLeftOut(name)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  const renderAll = async (): Promise<string> => {
    const names = registry.getMetricsAsArray().map(({ name }) => name)
    const texts = await Promise.all(names.filter(name => name !== last).map(textOf))
    const all = [...texts, await textOf(last)]
    return `${all.filter(text => text !== undefined).join('\n\n')}\n`
  }

  /** However many ask at the same moment, they are told the same. */
  let rendering: Promise<string> | undefined
  return () =>
    (rendering ??= renderAll().finally(() => {
      rendering = undefined
    }))
}
