import type { Counter, Gauge, Registry } from 'prom-client'

/** How the names of our figures begin. */
export const NAMES = 'pushgraph_'

type Look<Label extends string> = (
  set: (labels: Readonly<Record<Label, string>>, value: number) => void,
) => void | Promise<void>

/** A figure whose values are looked up when somebody reads them; a counter is what only ever grows. */
export const watchFigure = <Label extends string = never>(
  registry: Registry,
  Kind: typeof Gauge | typeof Counter,
  name: string,
  help: string,
  labelNames: readonly Label[],
  look: Look<Label>,
): void => {
  new Kind({
    name: `${NAMES}${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    async collect(this: Gauge | Counter) {
      this.reset()
      // Without labels that leaves a 0, which nobody has looked up.
      if (labelNames.length === 0) this.remove()
      await look((labels, value) => this.inc(labels, value))
    },
  })
}
