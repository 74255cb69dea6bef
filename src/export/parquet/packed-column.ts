/** The values of one column of a Parquet file with their levels, packed. */
import type { SchemaElement } from 'hyparquet-writer'
import type { writeColumn } from 'hyparquet-writer/src/column.js'
import { PackedNumbers } from './packed-numbers.ts'
import { PackedTexts } from './packed-texts.ts'

/** As the writer of the file takes them. */
export type ColumnPages = Parameters<typeof writeColumn>[0]['pageData']

const uint8 = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length)
const float64 = (length: number): Float64Array<ArrayBuffer> => new Float64Array(length)

export class PackedColumn {
  /** What the schema says of it and of that which it is in, the root first. */
  readonly schemaPath: SchemaElement[]
  /** The last of them: its own. */
  readonly element: SchemaElement
  readonly #isInList: boolean
  readonly #fromStored: (stored: string | number) => unknown
  readonly #definitions = new PackedNumbers(uint8)
  readonly #repetitions = new PackedNumbers(uint8)
  readonly #numbers = new PackedNumbers(float64)
  readonly #texts = new PackedTexts()

  constructor(
    above: readonly SchemaElement[],
    element: SchemaElement,
    isInList: boolean,
    fromStored: (stored: string | number) => unknown,
  ) {
    this.schemaPath = [...above, element]
    this.element = element
    this.#isInList = isInList
    this.#fromStored = fromStored
  }

  /** Takes a value, or undefined for none, with its levels. All values are texts, or none is. */
  push(stored: string | number | undefined, definition: number, repetition: number): void {
    this.#definitions.push(definition)
    if (this.#isInList) this.#repetitions.push(repetition)
    if (typeof stored === 'string') this.#texts.push(stored)
    else if (stored !== undefined) this.#numbers.push(stored)
  }

  /** Whether there is no value in it. */
  get isEmpty(): boolean {
    return this.#texts.length === 0 && this.#numbers.length === 0
  }

  toPages(): ColumnPages {
    // All that lead to it may be missing or repeated, but for the root.
    const maxDefinitionLevel = this.schemaPath.length - 1
    const definitionLevels = this.#definitions.toArray()
    const stored = this.#texts.length > 0 ? this.#texts.toArray() : this.#numbers.toArray()
    let next = 0
    return {
      values: definitionLevels.map(level =>
        level === maxDefinitionLevel
          ? this.#fromStored(stored[next++] as string | number)
          : undefined,
      ),
      definitionLevels,
      repetitionLevels: this.#repetitions.toArray(),
      maxDefinitionLevel,
    }
  }

  /** Forgets all values, and keeps the room that they had. */
  clear(): void {
    for (const each of [this.#definitions, this.#repetitions, this.#numbers, this.#texts])
      each.clear()
  }
}
