/** The people of a company: departments with groups of their own, offices, one address each. */
import type { PushEmployee } from './objects.ts'
import { companyWords, firstNames, lastNames } from './names.ts'
import { type Random, createRandom, createWeighted } from './random.ts'

const YEAR = 365 * 86_400

interface Department {
  readonly name: string
  readonly share: number
  readonly groups: readonly string[]
}

const departments: readonly Department[] = [
  { name: 'Engineering', share: 28, groups: ['engineering', 'github-users', 'vpn-users'] },
  { name: 'Sales', share: 16, groups: ['sales', 'crm-users'] },
  { name: 'Customer Success', share: 11, groups: ['customer-success', 'helpdesk-agents'] },
  { name: 'Marketing', share: 8, groups: ['marketing', 'social-media'] },
  { name: 'Product', share: 7, groups: ['product', 'research-panel'] },
  { name: 'Finance', share: 6, groups: ['finance', 'payments-approvers'] },
  { name: 'People', share: 5, groups: ['people', 'payroll'] },
  { name: 'IT', share: 4, groups: ['it', 'helpdesk-agents', 'workspace-admins'] },
  { name: 'Security Engineering', share: 3, groups: ['security', 'vpn-users', 'on-call'] },
  { name: 'Legal', share: 3, groups: ['legal'] },
  { name: 'Design', share: 4, groups: ['design'] },
  { name: 'Data & Analytics', share: 4, groups: ['data', 'warehouse-readers'] },
  { name: 'Forschung & Entwicklung', share: 3, groups: ['f-und-e'] },
  { name: 'Executive Office', share: 1, groups: ['executives', 'board-readers'] },
]

const locations = [
  ...['New York', 'London', 'Berlin', 'München', 'Paris', 'Zürich', 'São Paulo', 'Bogotá', 'Łódź'],
  ...['İstanbul', 'Bengaluru', 'Singapore', '東京', 'Sydney', 'Toronto', 'Nairobi', 'Remote'],
]

/** The company's mail domain, under a reserved ending. */
export const companyDomain = (seed: number): string => {
  const random = createRandom(seed, 'company')
  return `${random.pick(companyWords.first)}${random.pick(companyWords.second)}.example`
}

/** `count` employees, the newest a day old. */
export const createEmployees = (seed: number, count: number, now: number): PushEmployee[] => {
  const random = createRandom(seed, 'employees')
  const department = createWeighted(departments, ({ share }) => share)
  const location = createWeighted(locations, (_, index) => 1 / (index + 2))
  const domain = companyDomain(seed)
  const taken = new Map<string, number>()

  return Array.from({ length: count }, () => {
    const [first, last] = [random.pick(firstNames), random.pick(lastNames)]
    const { name, groups } = department(random)
    return {
      id: random.uuid(),
      email: `${unique(`${first.plain}.${last.plain}`, taken)}@${domain}`,
      firstName: first.written,
      lastName: last.written,
      department: recordedAs(name, random),
      location: random.chance(0.08) ? null : location(random),
      licensed: random.chance(0.93),
      chatopsEnabled: random.chance(0.3),
      ...groupsOf(random, groups),
      creationTimestamp: now - random.between(86_400, 3 * YEAR),
    }
  })
}

// Directories hold nothing, or the root of a path, where nobody filled the field in.
const recordedAs = (department: string, random: Random): string | null => {
  const chance = random.next()
  if (chance < 0.04) return null
  return chance < 0.06 ? '/' : department
}

const groupsOf = (random: Random, own: readonly string[]): { groups?: readonly string[] } => {
  if (random.chance(0.1)) return {}
  const groups = ['all-staff', ...own.filter(() => random.chance(0.7))]
  return { groups: random.chance(0.05) ? [] : groups }
}

const unique = (address: string, taken: Map<string, number>): string => {
  const before = taken.get(address) ?? 0
  taken.set(address, before + 1)
  return before === 0 ? address : `${address}${before + 1}`
}
