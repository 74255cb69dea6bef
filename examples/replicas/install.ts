/** Installs a PostgreSQL of npm. */
import { installOnce } from '../install-once.ts'

/** @throws {Error} when npm cannot */
export const setup = (): void => {
  installOnce(import.meta.url, 'PostgreSQL for examples/replicas')
}

if (import.meta.main) setup()
