/** What was found out while the database was away and afterwards, as a table and as promises. */
import { figure, ratio, yesNo } from '../../report/table.ts'
import type { Sent } from '../../webhooks/server.ts'
import type { Judged } from '../deliveries/heard.ts'
import type { StoredEvents } from '../deliveries/stored-events.ts'
import type { Part } from '../part.ts'

export interface Load {
  readonly requestsPerSecond: number
  readonly requests: number
  readonly failed: number
  /** Milliseconds of the replica's processor time for each answer: what else the machine does is not in it. */
  readonly cpuMs: number
}

export interface Outage {
  readonly awayMs: number
  /** Of each time that it was looked at before. */
  readonly before: readonly Load[]
  /** Of each time that it was looked at while the database was away. */
  readonly loads: readonly Load[]
  readonly refused: readonly Sent[]
  /** Questions that needed Push, and were told that it cannot be asked. */
  readonly unanswered: number
  /** Requests to Push while it was away, and milliseconds until the first one afterwards. */
  readonly whileAway: number
  readonly resumedMs: number
  /** What had been refused, sent again. */
  readonly again: readonly (StoredEvents & { readonly sent: number })[]
  /** What a subscriber heard that had asked before. */
  readonly heard: Judged
  readonly isAsBefore: boolean
  readonly overLimit: number
}

const PROMISED = { share: 0.9, refusedMs: 1_500, resumedMs: 5_000 }

export const report = (of: Outage): Part => {
  const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0)
  const mean = (loads: readonly Load[], what: 'requestsPerSecond' | 'cpuMs'): number =>
    sum(loads.map(load => load[what])) / loads.length
  const rateBefore = mean(of.before, 'requestsPerSecond')
  const fewest = Math.min(...of.loads.map(load => load.requestsPerSecond))
  const share = mean(of.loads, 'requestsPerSecond') / rateBefore
  const failed = sum([...of.before, ...of.loads].map(load => load.failed))
  const sent = sum(of.refused.map(each => each.sent))
  const refused = sum(of.refused.map(each => each.refused))
  const worstMs = Math.max(...of.refused.map(({ worst }) => worst))
  const stored = sum(of.again.map(each => each.stored))
  const { heard } = of
  const row = (...cells: readonly [what: string, value: string, promised: string]) => cells
  const rows = [
    row('warm answers a second before', figure(Math.round(rateBefore)), ''),
    row('meanwhile, of those before', share.toFixed(2), String(PROMISED.share)),
    row('when fewest in 10 s, of those before', (fewest / rateBefore).toFixed(2), ''),
    row('CPU ms of each before', mean(of.before, 'cpuMs').toFixed(3), ''),
    row('CPU ms of each meanwhile', mean(of.loads, 'cpuMs').toFixed(3), ''),
    row('answers that failed', figure(failed), '0'),
    row('requests to Push meanwhile', figure(of.whileAway), '0'),
    row('questions refused that need Push', `${of.unanswered} of ${of.loads.length}`, 'all'),
    row('deliveries refused', `${refused} of ${sent}`, 'all'),
    row('the last of them after ms', figure(worstMs), figure(PROMISED.refusedMs)),
    row('Push asked again after ms', figure(of.resumedMs), figure(PROMISED.resumedMs)),
    row('429s', figure(of.overLimit), '0'),
    row('those deliveries, sent again: stored', `${stored} of ${sent}`, 'all, once'),
    row('missing to a subscriber from before, or twice', figure(heard.missing + heard.twice), '0'),
    row('answers as before, of it and of a new replica', yesNo(of.isAsBefore), 'yes'),
  ]
  const broken: readonly (readonly [isBroken: boolean, sentence: string])[] = [
    [share < PROMISED.share, `away: ${ratio(share, 1)} of the warm answers`],
    [failed > 0, `away: ${failed} warm answers failed`],
    [of.whileAway > 0, `away: ${of.whileAway} requests to Push`],
    [of.unanswered < of.loads.length, 'away: a question was answered that needs Push'],
    [refused < sent, `away: ${sent - refused} deliveries were acknowledged`],
    [worstMs > PROMISED.refusedMs, `away: a delivery is refused after ${Math.round(worstMs)} ms`],
    [of.resumedMs > PROMISED.resumedMs, `back: Push is asked after ${Math.round(of.resumedMs)} ms`],
    [of.overLimit > 0, `back: ${of.overLimit} 429s`],
    [stored !== sent, `back: ${stored} of ${sent} deliveries are stored`],
    [
      heard.missing + heard.twice > 0,
      `back: ${heard.missing} events missing to a subscriber, ${heard.twice} twice`,
    ],
    [!of.isAsBefore, 'back: an answer is not as before'],
  ]
  return {
    table: {
      title: `The database away for ${of.awayMs / 1_000} s, as one replica has it`,
      columns: ['what', 'figure', 'promised'],
      rows,
    },
    figures: of,
    missed: broken.flatMap(([isBroken, sentence]) => (isBroken ? [`database ${sentence}`] : [])),
  }
}
