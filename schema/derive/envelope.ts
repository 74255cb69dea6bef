import { Kind, visit, type DocumentNode, type FieldDefinitionNode } from 'graphql'

const ENVELOPE = 'OcsfEvent'

/** The written schema with the fields of the interface of OCSF events on every type that implements it, before its own. */
export const withEnvelope = (document: DocumentNode): DocumentNode => {
  const fields: readonly FieldDefinitionNode[] = document.definitions.flatMap(definition =>
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION && definition.name.value === ENVELOPE
      ? (definition.fields ?? [])
      : [],
  )
  return visit(document, {
    ObjectTypeDefinition: type =>
      type.interfaces?.some(({ name }) => name.value === ENVELOPE) === true
        ? { ...type, fields: [...fields, ...(type.fields ?? [])] }
        : undefined,
  })
}
