/** Installs the clients that docs/clients.md shows. */
import { installOnce } from '../install-once.ts'

/** @throws {Error} when npm cannot */
export const setup = (): void => {
  installOnce(import.meta.url, 'the clients of docs/clients.md')
}

if (import.meta.main) setup()
