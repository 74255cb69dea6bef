/** From Push's objects to events of the Open Cybersecurity Schema Framework (https://ocsf.io). */
import type { CollectionName } from '../model/rows.ts'
import { createProject, type Project } from './event.ts'
import { type OcsfVersion, ocsfVersions } from './facts.ts'
import type { Collected, Projection } from './projection.ts'
import { account } from './projections/account.ts'
import { app, appAsWebResource } from './projections/app.ts'
import { browserExtension, browserExtensionBeside } from './projections/browser-extension.ts'
import { browser } from './projections/browser.ts'
import { detection } from './projections/detection.ts'
import { employee } from './projections/employee.ts'
import { finding, findingOfOne } from './projections/finding.ts'

export { type ClassName, newest, type OcsfVersion, ocsfVersions } from './facts.ts'
export type { OcsfEvent } from './event.ts'
export type { Collected, Links } from './projection.ts'
export { toldByEvents } from './projections/detection.ts'
export type { OcsfObject } from './values.ts'

/** How each kind of object is projected: the first that the version has a place for. */
export const projections: {
  readonly [Name in CollectionName]: readonly Projection<Collected<Name>>[]
} = {
  employees: [employee],
  accounts: [account],
  apps: [app, appAsWebResource],
  browsers: [browser],
  browserExtensions: [browserExtension, browserExtensionBeside],
  findings: [finding, findingOfOne],
  detections: [detection],
}

type Projects = { readonly [Name in CollectionName]: Project<Collected<Name>> }

const projectsOf = (version: OcsfVersion): Projects => ({
  employees: createProject(projections.employees, version),
  accounts: createProject(projections.accounts, version),
  apps: createProject(projections.apps, version),
  browsers: createProject(projections.browsers, version),
  browserExtensions: createProject(projections.browserExtensions, version),
  findings: createProject(projections.findings, version),
  detections: createProject(projections.detections, version),
})

/** The event of an object, by version and collection. */
export const toOcsf = Object.fromEntries(
  ocsfVersions.map(version => [version, projectsOf(version)]),
) as { readonly [Version in OcsfVersion]: Projects }
