/** Webhooks, signed with whatever secret holds at the moment, and now and then with none. */
import { createHmac } from 'node:crypto'
import type { Random } from '../src/demo/tenant/random.ts'
import { login } from '../src/demo/webhooks.ts'
import type { Rights } from './rights.ts'
import type { Tenant } from './tenants.ts'

export interface DeliveryCounts {
  /** Answered with 200, by alias: each of them is on disk, once. */
  readonly stored: Record<string, number>
  /** Answered otherwise where nothing else was to be expected, or taken though the signature was wrong. */
  readonly flaws: string[]
  refused: number
}

/** Sends one; resolves when it was answered. */
export const deliver = async (
  url: string,
  tenant: Tenant,
  rights: Rights,
  random: Random,
  counts: DeliveryCounts,
): Promise<void> => {
  const timeline = rights.secrets.get(tenant.alias)
  const [secret = ''] = timeline?.last() ?? []
  const isWrong = random.chance(0.05)
  const from = performance.now()
  const seconds = Math.floor(Date.now() / 1_000)
  const event = { version: '1', id: random.uuid(), timestamp: seconds }
  const body = JSON.stringify({ ...event, ...login(tenant.standIn, random, seconds) })
  const mac = createHmac('sha256', isWrong ? `${secret}-wrong` : secret)
  const response = await fetch(`${url}/webhooks/${tenant.alias}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-signature': `t=${seconds},v1=${mac.update(`${seconds}.${body}`).digest('hex').toUpperCase()}`,
    },
    body,
  })
  await response.arrayBuffer()
  if (response.status === 200) {
    counts.stored[tenant.alias] = (counts.stored[tenant.alias] ?? 0) + 1
    if (isWrong) counts.flaws.push('a delivery with a wrong signature was taken')
    return
  }
  counts.refused++
  // A secret that was written just now may not be read yet.
  const isNew = (timeline?.since(from) ?? []).some(secrets => !secrets.includes(secret))
  if (response.status !== 401 || !(isWrong || isNew))
    counts.flaws.push(`a delivery was answered with ${response.status}`)
}
