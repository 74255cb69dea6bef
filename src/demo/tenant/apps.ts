/** The company's apps: known and unknown ones, most of them never reviewed. */
import type { PushApp, PushEmployee } from './objects.ts'
import { type CatalogueApp, catalogue } from './app-catalogue.ts'
import { type Random, createRandom, createWeighted } from './random.ts'

const YEAR = 365 * 86_400

const approvals = [
  { status: 'APPROVED', share: 34 },
  { status: 'NOT_APPROVED', share: 14 },
  { status: 'UNDER_REVIEW', share: 12 },
  { status: null, share: 40 },
] as const

const sensitivities = [
  { level: 'HIGH', share: 15 },
  { level: 'MEDIUM', share: 25 },
  { level: 'LOW', share: 25 },
  { level: null, share: 35 },
] as const

const notes = [
  'Renewal in March; ask Finance first.',
  'Free plan only. No customer data.',
  'Replaced by the approved tool; close the accounts by the end of the quarter.',
  'Für die Buchhaltung freigegeben (Vertrag liegt in der Ablage).',
  'SSO is paid extra; not ordered.',
  'Used by one team; owner left the company.',
]

/** Apps in the order of the catalogue, the most used first. */
export const createApps = (
  seed: number,
  count: number,
  employees: readonly PushEmployee[],
  now: number,
): PushApp[] => {
  const random = createRandom(seed, 'apps')
  const approval = createWeighted(approvals, ({ share }) => share)
  const sensitivity = createWeighted(sensitivities, ({ share }) => share)
  return catalogue(count).map((app, rank) => ({
    id: random.uuid(),
    type: app.type,
    // What everybody uses has been looked at.
    approvalStatus: rank < 12 ? 'APPROVED' : approval(random).status,
    sensitivityLevel: sensitivity(random).level,
    ownerId: random.chance(0.4) ? random.pick(employees).id : null,
    notes: random.chance(0.2) ? random.pick(notes) : null,
    ...presentation(app, random),
    creationTimestamp: now - random.between(86_400, 3 * YEAR),
  }))
}

type Presentation = Pick<PushApp, 'website' | 'description' | 'friendlyName' | 'labels'>

const presentation = (app: CatalogueApp, random: Random): Presentation => ({
  ...(random.chance(0.9) ? { website: app.website } : {}),
  ...(random.chance(0.8) ? { description: `${app.category} software` } : {}),
  ...(random.chance(0.9) ? { friendlyName: app.name } : {}),
  ...(random.chance(0.5) ? { labels: labelsOf(app, random) } : {}),
})

const labelsOf = (app: CatalogueApp, random: Random): string[] => [
  app.category.toLowerCase(),
  ...['customer-data', 'trial', 'paid', 'gdpr-reviewed'].filter(() => random.chance(0.2)),
]
