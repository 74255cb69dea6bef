/** Installs what the example alone needs. */
import { installOnce } from '../install-once.ts'

/** @throws {Error} when npm cannot */
export const setup = (): void => {
  installOnce(import.meta.url, 'the gateways of examples/supergraph')
}

if (import.meta.main) setup()
