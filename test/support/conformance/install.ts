/** Installs the conformance suite of the Model Context Protocol. */
import { installOnce } from '../../../examples/install-once.ts'

/** @throws {Error} when npm cannot */
export const setup = (): void => {
  installOnce(import.meta.url, 'the conformance suite of the Model Context Protocol')
}

if (import.meta.main) setup()
