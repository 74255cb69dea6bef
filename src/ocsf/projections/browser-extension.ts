import {
  type Collected,
  COLLECT,
  INFORMATIONAL,
  type Projection,
  readByRest,
} from '../fitting/projection.ts'
import { given } from '../fitting/values.ts'
import { BROWSER } from './browser.ts'

type Extension = Collected<'browserExtensions'>

/** An extension is software in the browser that it is installed in, which is the device. */
export const browserExtension: Projection<Extension> = {
  className: 'software_info',
  activity: () => COLLECT,
  time: ({ readAt }) => readAt,
  metadata: readByRest('BROWSER_EXTENSION'),
  parts: {
    severity_id: () => INFORMATIONAL,
    message: ({ row }) =>
      `Push Security knows the browser extension ${row.name ?? row.extensionId}.`,
    device: ({ row }) => ({
      uid: row.browserId,
      // A device has to be called something, also where Push does not know which it is.
      name: row.browserId === null ? 'Unknown browser' : undefined,
      type_id: BROWSER,
      owner: row.employeeId === null ? undefined : { uid: row.employeeId, type_id: 1 },
    }),
    product: ({ row }) => given({ uid: row.extensionId, name: row.name }),
  },
  unmapped: ({ row }) => ({
    id: row.id,
    description: row.description,
    deployment_mode: row.deploymentMode,
    permissions: row.permissions,
    host_permissions: row.hostPermissions,
    enabled: row.enabled,
  }),
}

/**
 * Before 1.4 an inventory of software demands the version of the package, which Push does not tell: the browser is
 * what is collected, and the extension stands beside it.
 */
export const browserExtensionBeside: Projection<Extension> = {
  ...browserExtension,
  className: 'inventory_info',
}
