/** Where the variables of a document are used, noted on the way through it: graphql-js looks for them in one go. */
import { type ASTNode, type ASTVisitor, type TypeInfo, ValidationContext } from 'graphql'

type Usages = ReturnType<ValidationContext['getVariableUsages']>

/** What rules ask about a document. Where a definition was walked through, it knows where variables are used in that. */
export class NotedContext extends ValidationContext {
  readonly #usages = new Map<ASTNode, Usages[number][]>()

  override getVariableUsages(node: Parameters<ValidationContext['getVariableUsages']>[0]): Usages {
    return this.#usages.get(node) ?? super.getVariableUsages(node)
  }

  /** What notes them while `types` is led through the document; a definition that was noted before is left out. */
  noting(types: TypeInfo): ASTVisitor {
    let usages: Usages[number][] | undefined
    const begin = (definition: ASTNode): void => {
      usages = this.#usages.has(definition) ? undefined : []
      if (usages !== undefined) this.#usages.set(definition, usages)
    }
    let isDeclared = false
    return {
      OperationDefinition: begin,
      FragmentDefinition: begin,
      VariableDefinition: {
        enter: () => {
          isDeclared = true
        },
        leave: () => {
          isDeclared = false
        },
      },
      Variable: node => {
        if (isDeclared || usages === undefined) return
        const [type, defaultValue] = [types.getInputType(), types.getDefaultValue()]
        usages.push({ node, type, defaultValue, parentType: types.getParentInputType() })
      },
    }
  }
}
