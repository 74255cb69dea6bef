/** From Push's objects and webhook events to events of the Open Cybersecurity Schema Framework (https://ocsf.io). */
import { byVersion, type ByVersion } from './fitting/by-version.ts'
import { createProject, envelope, type OcsfEvent, type Project } from './fitting/event.ts'
import { type ClassName, facts, newest, type OcsfVersion, ocsfVersions } from './fitting/facts.ts'
import type { Collected, ObjectName, Projection } from './fitting/projection.ts'
import { account, otherAccount } from './projections/account.ts'
import { app, appAsWebResource, otherApp, otherAppAsWebResource } from './projections/app.ts'
import { browserExtension, browserExtensionBeside } from './projections/browser-extension.ts'
import { browser } from './projections/browser.ts'
import { detection } from './projections/detection.ts'
import { employee } from './projections/employee.ts'
import { finding, findingOfOne } from './projections/finding.ts'
import { type RemovedObject, removedObject } from './projections/removed.ts'
import { namesOf } from './fitting/shape.ts'
import type { WebhookEvent } from './webhooks/webhook-event.ts'
import { createWebhookProject, webhookKinds } from './webhooks/webhooks.ts'

export {
  type ClassName,
  classNames,
  defaultVersion,
  type OcsfVersion,
  ocsfVersions,
} from './fitting/facts.ts'
export type { OcsfEvent } from './fitting/event.ts'
export { type Collected, type LinksOf, type ObjectName } from './fitting/projection.ts'
export type { OcsfObject } from './fitting/values.ts'
export type { WebhookEvent } from './webhooks/webhook-event.ts'

/** How each kind of object is projected: the first that the version has a place for. */
export const projections: {
  readonly [Name in ObjectName]: readonly Projection<Collected<Name>>[]
} = {
  employees: [employee],
  accounts: [account],
  apps: [app, appAsWebResource],
  browsers: [browser],
  browserExtensions: [browserExtension, browserExtensionBeside],
  findings: [finding, findingOfOne],
  detections: [detection],
  otherAccounts: [otherAccount],
  otherApps: [otherApp, otherAppAsWebResource],
}

type Projects = { readonly [Name in ObjectName]: Project<Collected<Name>> }

const projectsOf = (version: OcsfVersion): Projects =>
  Object.fromEntries(
    Object.entries(projections).map(([name, of]) => [
      name,
      createProject(of as readonly Projection<never>[], version),
    ]),
  ) as unknown as Projects

/** The event of an object, by version and the list that it is of. */
export const toOcsf = byVersion(projectsOf)

/** The tenant in events of that connector: one that was given no name of its own tells nothing of its tenant. */
export const tenantUidOf = (connector: string): string | undefined =>
  connector === 'default' ? undefined : connector

/** The event of an object that Push does not have any more, by version. */
export const toOcsfOfRemoved: ByVersion<Project<RemovedObject>> = byVersion(version =>
  createProject([removedObject], version),
)

/** The event of OCSF that a webhook event becomes, by version. */
export const toOcsfOfWebhook: ByVersion<(event: WebhookEvent) => OcsfEvent> =
  byVersion(createWebhookProject)

/** The attributes that events of each class may have, in any version, with those that hold captions. */
export const attributesOf = (className: ClassName): ReadonlySet<string> =>
  new Set([
    ...envelope,
    ...[...Object.values(projections), ...webhookKinds.map(kind => kind.projections)]
      .flatMap((of): readonly { className: ClassName; parts: object }[] => of)
      .filter(projection => projection.className === className)
      .flatMap(({ parts }) => Object.keys(parts).flatMap(namesOf))
      // What another class has a place for goes to `unmapped` in this one.
      .filter(name =>
        ocsfVersions.some(of => facts[of].classes.get(className)?.attributes.has(name)),
      )
      .flatMap(name => {
        const sibling = facts[newest].classes.get(className)?.attributes.get(name)?.enum?.sibling
        return sibling === undefined ? [name] : [name, sibling]
      }),
  ])
