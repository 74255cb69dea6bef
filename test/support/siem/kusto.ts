/** Microsoft's own reader of KQL, with tables that it is told of. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runInThisContext } from 'node:vm'

/** As far as it is used here; its own types are those of the whole language. */
interface Kusto {
  readonly Symbols: {
    readonly TableSymbol: {
      readonly $ctor7: new (name: string, schema: string, description: string) => object
    }
    readonly DatabaseSymbol: {
      readonly ctor: new (name: string, tables: readonly object[]) => object
    }
  }
  readonly GlobalState: { readonly Default: { WithDatabase(database: object): object } }
  readonly KustoCode: {
    ParseAndAnalyze(
      text: string,
      globals: object,
    ): { GetDiagnostics(): { readonly Count: number; getItem(index: number): { Message: string } } }
  }
}

const folder = fileURLToPath(
  new URL('../../../examples/clients/node_modules/@kusto/language-service-next/', import.meta.url),
)

/** What it finds wrong with a query; `tables` have their columns as `name: type`. */
export const loadKusto = (
  tables: Readonly<Record<string, string>>,
): ((query: string) => readonly string[]) => {
  // The package is two scripts that put what they have into the global object.
  for (const script of ['bridge.min.js', 'Kusto.Language.Bridge.min.js'])
    runInThisContext(readFileSync(folder + script, 'utf8'), { filename: script })
  const { Language } = (globalThis as unknown as { Kusto: { Language: Kusto } }).Kusto
  const { Symbols, GlobalState, KustoCode } = Language
  const symbols = Object.entries(tables).map(
    ([name, columns]) => new Symbols.TableSymbol.$ctor7(name, `(${columns})`, ''),
  )
  const globals = GlobalState.Default.WithDatabase(
    new Symbols.DatabaseSymbol.ctor('workspace', symbols),
  )
  return query => {
    const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics()
    return Array.from({ length: found.Count }, (_, index) => found.getItem(index).Message)
  }
}
