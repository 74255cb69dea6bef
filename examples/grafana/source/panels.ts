/** The kinds of panels that the dashboards are made of. */
import {
  BarAlignment,
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  type FieldConfig,
  FieldColorModeId,
  GraphDrawStyle,
  LegendDisplayMode,
  MappingType,
  type Panel,
  PercentChangeColorMode,
  SortOrder,
  SpecialValueMatch,
  StackingMode,
  TableCellHeight,
  type Threshold,
  ThresholdsMode,
  TooltipDisplayMode,
  type ValueMapping,
  VizOrientation,
} from '@grafana/schema'
import type { Options as BarGaugeOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen'
import {
  type Options as StatOptions,
  pluginVersion,
} from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen'
import type { Options as TableOptions } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen'
import type {
  FieldConfig as TimeSeriesFieldConfig,
  Options as TimeSeriesOptions,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen'
import { type Column, DATA_SOURCE, query, type Question } from './infinity.ts'

/** A panel before it has its number and its place; it is as wide and as high as its `gridPos` says. */
export type Unplaced = Omit<Panel, 'gridPos' | 'id'> & {
  readonly size: readonly [w: number, h: number]
}

interface Told {
  readonly title: string
  /** What its numbers mean, and what they leave out. */
  readonly description: string
  readonly size: readonly [w: number, h: number]
  /** What it says where there is nothing. */
  readonly noValue: string
  /** Where it leads to, beside what its cells lead to. */
  readonly links?: NonNullable<Panel['links']>
}

/** What is said of the columns of that name. */
export interface Override {
  readonly of: string
  readonly properties: readonly { readonly id: string; readonly value: unknown }[]
}

const common = (type: string, { title, description, size, links }: Told) => ({
  type,
  // That of Grafana: its panels are not taken for old ones that want to be changed.
  pluginVersion,
  title,
  description,
  size,
  datasource: DATA_SOURCE,
  ...(links === undefined ? {} : { links }),
})

const overridesOf = (overrides: readonly Override[]) =>
  overrides.map(({ of, properties }) => ({
    matcher: { id: 'byName', options: of },
    properties: [...properties],
  }))

/** In the order of the columns as they are asked for: Infinity gives them by their names. */
const inOrder = (columns: readonly Column[]) => ({
  id: 'organize',
  options: { indexByName: Object.fromEntries(columns.map(({ text }, at) => [text, at])) },
})

/** A colour from each value on; the first is that of all below. */
export const thresholds = (base: string, ...steps: readonly (readonly [number, string])[]) => ({
  mode: ThresholdsMode.Absolute,
  steps: [
    { color: base, value: null },
    ...steps.map(([value, color]): Threshold => ({ value, color })),
  ],
})

/** What is said of a null: some things have no department, or none that is known. */
export const nullAs = (text: string): ValueMapping => ({
  type: MappingType.SpecialValue,
  options: { match: SpecialValueMatch.Null, result: { text } },
})

/** Values as their words, some with a colour of their own. */
export const words = (
  mapped: Readonly<Record<string, { readonly text?: string; readonly color?: string }>>,
): ValueMapping => ({ type: MappingType.ValueToText, options: mapped })

/** Numbers side by side: each column of one row is one of them. */
export const numbers = (
  told: Told,
  question: Question & { readonly columns: readonly Column[] },
  {
    defaults = {},
    overrides = [],
  }: { defaults?: FieldConfig; overrides?: readonly Override[] } = {},
): Unplaced => ({
  ...common('stat', told),
  targets: [query(question)],
  transformations: [inOrder(question.columns)],
  options: {
    colorMode: BigValueColorMode.Value,
    graphMode: BigValueGraphMode.None,
    justifyMode: BigValueJustifyMode.Auto,
    orientation: VizOrientation.Auto,
    percentChangeColorMode: PercentChangeColorMode.Standard,
    reduceOptions: { calcs: ['lastNotNull'], fields: '/.*/', values: false },
    showPercentChange: false,
    textMode: BigValueTextMode.ValueAndName,
    wideLayout: true,
  } satisfies StatOptions,
  fieldConfig: {
    defaults: {
      unit: 'locale',
      noValue: told.noValue,
      color: { mode: FieldColorModeId.Thresholds },
      thresholds: thresholds('text'),
      ...defaults,
    },
    overrides: overridesOf(overrides),
  },
})

/** Columns over time, one on another for each word of the second key. */
export const columns = (
  told: Told,
  { operation, root }: Pick<Question, 'operation' | 'root'>,
  overrides: readonly Override[] = [],
): Unplaced => ({
  ...common('timeseries', told),
  targets: [
    query({
      operation,
      root,
      format: 'timeseries',
      columns: [
        { selector: 'time', text: 'time', type: 'timestamp' },
        { selector: 'keys.1', text: 'of', type: 'string' },
        { selector: 'count', text: 'count', type: 'number' },
      ],
    }),
  ],
  options: {
    legend: {
      calcs: ['sum'],
      displayMode: LegendDisplayMode.Table,
      placement: 'right',
      showLegend: true,
    },
    tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending, hideZeros: true },
  } satisfies TimeSeriesOptions,
  fieldConfig: {
    defaults: {
      unit: 'locale',
      decimals: 0,
      min: 0,
      noValue: told.noValue,
      displayName: '${__field.labels.of}',
      color: { mode: FieldColorModeId.PaletteClassicByName },
      custom: {
        drawStyle: GraphDrawStyle.Bars,
        barAlignment: BarAlignment.After,
        barWidthFactor: 0.9,
        fillOpacity: 80,
        lineWidth: 0,
        stacking: { mode: StackingMode.Normal, group: 'A' },
      } satisfies TimeSeriesFieldConfig,
    },
    overrides: overrides.map(({ of, properties }) => ({
      // The name that is shown, which stands in the label.
      matcher: { id: 'byRegexp', options: `/\\b${of}\\b/` },
      properties: [...properties],
    })),
  },
})

/** Bars that lie, one for each group. */
export const bars = (
  told: Told,
  { operation, root }: Pick<Question, 'operation' | 'root'>,
  name: string,
): Unplaced => ({
  ...common('bargauge', told),
  targets: [
    query({
      operation,
      root,
      columns: [
        { selector: 'keys.0', text: name, type: 'string' },
        { selector: 'count', text: 'count', type: 'number' },
      ],
    }),
  ],
  options: {
    displayMode: BarGaugeDisplayMode.Basic,
    legend: {
      calcs: [],
      displayMode: LegendDisplayMode.List,
      placement: 'bottom',
      showLegend: false,
    },
    maxVizHeight: 24,
    minVizHeight: 12,
    minVizWidth: 8,
    namePlacement: BarGaugeNamePlacement.Left,
    orientation: VizOrientation.Horizontal,
    reduceOptions: { calcs: ['lastNotNull'], fields: '/^count$/', values: true, limit: 25 },
    showUnfilled: false,
    sizing: BarGaugeSizing.Manual,
    valueMode: BarGaugeValueMode.Text,
  } satisfies BarGaugeOptions,
  fieldConfig: {
    defaults: {
      unit: 'locale',
      min: 0,
      noValue: told.noValue,
      color: { mode: FieldColorModeId.Fixed, fixedColor: 'blue' },
    },
    overrides: overridesOf([
      { of: name, properties: [{ id: 'mappings', value: [nullAs('none')] }] },
    ]),
  },
})

/** Rows, a page at a time where they are many. */
export const table = (
  told: Told,
  question: Question & { readonly columns: readonly Column[] },
  overrides: readonly Override[] = [],
): Unplaced => ({
  ...common('table', told),
  targets: [query(question)],
  transformations: [inOrder(question.columns)],
  options: {
    frameIndex: 0,
    showHeader: true,
    cellHeight: TableCellHeight.Sm,
    enablePagination: true,
  } satisfies TableOptions,
  fieldConfig: {
    defaults: { noValue: told.noValue, custom: { filterable: true } },
    overrides: overridesOf(overrides),
  },
})

/** Columns that links need, and nobody looks at. */
export const hidden = (...names: readonly string[]): readonly Override[] =>
  names.map(of => ({
    of,
    properties: [{ id: 'custom.hideFrom', value: { viz: true, legend: true, tooltip: true } }],
  }))

/** What is said of a column that holds shares from 0 to 1: percents, and a bar. */
export const share = (of: string, steps = thresholds('blue')): Override => ({
  of,
  properties: [
    { id: 'unit', value: 'percentunit' },
    { id: 'min', value: 0 },
    { id: 'max', value: 1 },
    { id: 'custom.cellOptions', value: { type: 'gauge', mode: 'basic' } },
    { id: 'thresholds', value: steps },
  ],
})

/** How columns over time are counted. */
export const IN_UTC = 'By the hour, day or week in which they were made, in UTC.'
