/** The apps that companies log into: well-known ones, then as many made-up ones as are wanted. */
import { recordsIn } from './records.ts'

export interface CatalogueApp {
  /** Push's word for it. */
  readonly type: string
  readonly name: string
  readonly website: string
  readonly category: string
}

// Roughly by how many people have an account.
const wellKnown: readonly CatalogueApp[] = recordsIn('app-catalogue.txt').map(
  ([type = '', name = '', site = '', category = '']) => {
    return { type, name, website: `https://${site}`, category }
  },
)

const firstWords =
  'Bright Cloud Swift Clear Data Open Smart Flow Pixel Core Next Blue Deep Fast Grid Hyper Insight Kite Loop Meta North Orbit Prime Quick Rocket Signal Team Ultra Vivid Wave Zen Agile'.split(
    ' ',
  )

const secondWords =
  'Desk Board Sign Sheet Track Hire Pay Mail Docs Chat Flow Forms Vault Metrics CRM Learn Travel Invoice Survey Space Link Plan Notes Studio Lab Hub Ops Bot Scan Cast Time Ledger'.split(
    ' ',
  )

const categories =
  'Productivity,Project management,Documents,Finance,Analytics,People,Support,Marketing,Communication,Surveys,Learning,Travel,Development,Automation'.split(
    ',',
  )

/** The first `count` apps, the most used first; every type once. At most about 1,100. */
export const catalogue = (count: number): readonly CatalogueApp[] => {
  const apps = wellKnown.slice(0, count)
  // Steps that share no factor with the number of pairs reach each pair once, in no visible order.
  const pairs = firstWords.length * secondWords.length
  for (let step = 0; step < pairs && apps.length < count; step++) {
    const pair = (step * 389) % pairs
    const first = firstWords[pair % firstWords.length] as string
    const second = secondWords[Math.floor(pair / firstWords.length)] as string
    if (first === second) continue
    apps.push({
      type: `${first}_${second}`.toUpperCase(),
      name: `${first}${second}`,
      website: `https://www.${first}${second}.example`.toLowerCase(),
      category: categories[step % categories.length] as string,
    })
  }
  return apps
}
