// What the server answers, by name: from the generated description, narrowed where a page needs to know more than
// "a text". Days are "2019-04-30", instants carry their zone, spans count code points.

import type { components } from './schema';

type Schemas = components['schemas'];
type Narrow<Known, More> = Omit<Known, keyof More> & More;

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export type State = Schemas['Tile']['state'];
export type Span = [begin: number, end: number];
export type Per = 'day' | 'week' | 'half_month' | 'month' | 'quarter' | 'half_year' | 'term' | 'year';
export type TaskKind = 'tracked' | 'principle';
export type Permission =
  | 'plan_read'
  | 'plan_import'
  | 'plan_correct'
  | 'measure_report'
  | 'unit_manage'
  | 'user_manage'
  | 'journal_read'
  | 'register_read'
  | 'register_change'
  | 'status_change'
  | 'private_open'
  | 'register_exchange'
  | 'ledger_read'
  | 'ledger_change';

export type Unit = Schemas['UnitName'];
export type Author = Schemas['Author'];
export type UnitRow = Schemas['UnitRow'];
export type Post = Schemas['Post'];
export type Me = Narrow<Schemas['Me'], { permissions: Permission[] }>;
export type UserRow = Schemas['UserRow'];
export type MadeUser = Schemas['MadeUser'];
export type Role = Schemas['RoleRow'];
export type CalendarAddress = Schemas['CalendarAddress'];

export type TodayItem = Narrow<Schemas['TodayItem'], { kind: 'measure_due' | 'import_open' | 'discrepancies' }>;
export type Today = Narrow<Schemas['Today'], { items: TodayItem[] }>;

export type NewsItem = Narrow<Schemas['NewsItem'], { kind: 'late' | 'due_soon' | 'reported' }>;
export type News = Narrow<Schemas['News'], { items: NewsItem[] }>;

export type PlanHead = Narrow<Schemas['PlanLine'], { origin: 'document' | 'pack'; status: 'current' | 'replaced' }>;
export type Figures = Schemas['Figures'];
export type Tile = Narrow<Schemas['Tile'], { kind: TaskKind }>;
export type FallingDue = Schemas['FallingDue'];
export type Board = Narrow<Schemas['Board'], { parts: Narrow<Schemas['BoardPart'], { tasks: Tile[] }>[] }>;
export type MeasureSummary = Schemas['MeasureSummary'];
export type TaskDetail = Narrow<Schemas['TaskView'], { kind: TaskKind }>;
export type Workbench = Schemas['Workbench'];

export type Deadline = Schemas['Deadline'];
export type Recurrence = Narrow<Schemas['Recurrence'], { per: Per }>;
export type Target = Schemas['Target'];
export type Evidence = Schemas['EvidenceView'];
export type Report = Schemas['ReportView'];
export type Occurrence = Schemas['OccurrenceView'];
export type Indicator = Schemas['IndicatorView'];
export type MeasureDetail = Narrow<Schemas['MeasureDetail'], { recurrences: Recurrence[] }>;
export type PlanText = Narrow<Schemas['DocumentView'], { marks: Narrow<Schemas['DocumentMark'], { span: Span }>[] }>;
export type Difference = Narrow<Schemas['Differences'], { items: Narrow<Schemas['DifferenceLine'], { kind: 'added' | 'removed' | 'changed' | 'same' }>[] }>;

// The plan inside an import has the shape of `yihu plan read --json`, which the API's description leaves open.
export interface DraftMeasure {
  no: number | null;
  position: number;
  text: string;
  span: Span;
  lead: string[];
  responsible: string[];
  deadlines: Deadline[];
  recurrences: Recurrence[];
  targets: Target[];
}

export interface DraftTask {
  no: number;
  part: number;
  title: string;
  measures: DraftMeasure[];
}

export interface DraftPlan {
  title: string;
  number: string;
  issuer: string;
  date: string | null;
  year: number | null;
  parts: { no: number; title: string }[];
  tasks: DraftTask[];
}

export type CorrectedField = 'title' | 'lead' | 'responsible' | 'text' | 'deadlines' | 'recurrences' | 'targets';
export type CorrectedValue = string | string[] | Deadline[] | Recurrence[] | Target[];
export type Correction = Narrow<Schemas['ImportCorrectionLine'], { field: CorrectedField; before: CorrectedValue; after: CorrectedValue }>;
export type ImportStatus = 'draft' | 'accepted' | 'discarded';
export type ImportWarning = Narrow<Schemas['ImportWarning'], { span: Span | null }>;
export type ImportUnit = Schemas['ImportUnit'];
export type ImportRow = Narrow<Schemas['ImportLine'], { status: ImportStatus }>;
export type Import = Narrow<Schemas['ImportPage'], { status: ImportStatus; plan: DraftPlan; corrections: Correction[]; warnings: ImportWarning[] }>;

export type JournalEntry = Narrow<Schemas['JournalEntry'], { before: Record<string, unknown> | null; after: Record<string, unknown> | null }>;
export type JournalCheck = Schemas['JournalCheck'];

export type RegisterValue = string | number | boolean | null;
export type AreaRow = Schemas['AreaRow'];
export type RegisterFields = Schemas['RegisterFields'];
export type HouseholdRow = Schemas['HouseholdRow'];
export type VillageCount = Schemas['VillageCountRow'];
export type PersonRow = Schemas['PersonRow'];
export type Member = Narrow<Schemas['MemberRow'], { values: Record<string, RegisterValue> }>;
export type FormerMember = Schemas['FormerMemberRow'];
export type HouseholdPage = Narrow<
  Schemas['HouseholdPage'],
  { values: Record<string, RegisterValue>; members: Member[]; incomes: { version: number; values: Record<string, RegisterValue> }[] }
>;
export type RegisterImportReport = Schemas['RegisterImportReport'];
export type RegisterImport = Schemas['RegisterImport'];
export type SnapshotRow = Schemas['SnapshotRow'];
export type HouseholdLedgers = Schemas['HouseholdLedgers'];
export type HouseholdEvent = Schemas['EventRow'];

export type LightState = 'met' | 'not_met' | 'unknown' | 'not_applicable' | 'computing';
export type Saying = Schemas['Saying'];
export type Light = Narrow<Schemas['LightView'], { state: LightState }>;
export type Standing = Narrow<Schemas['HouseholdStanding'], { lights: Light[] }>;
export type Explanation = Schemas['Explanation'];
export type RuleCount = Schemas['RuleCount'];
export type RuleCounts = Schemas['RuleCounts'];
export type FindingLine = Schemas['FindingLine'];
export type UndecidedLine = Schemas['UndecidedLine'];
export type MissingCell = Schemas['MissingCell'];
export type FindingCounts = Schemas['FindingCounts'];
export type GoalView = Schemas['GoalView'];
export type Goals = Schemas['Goals'];
export type GoalMembers = Schemas['GoalMembers'];
export type IndicatorLine = Schemas['IndicatorLine'];
export type Indicators = Schemas['Indicators'];
export type RuleMovement = Schemas['RuleMovement'];
export type WhatIf = Schemas['WhatIf'];

export type LedgerList = Schemas['LedgerList'];
export type LedgerDetail = Schemas['LedgerDetail'];
export type LedgerRow = Narrow<Schemas['LedgerRowView'], { cells: Record<string, RegisterValue> }>;
export type LedgerHistory = Schemas['LedgerHistory'];
export type ChangedRows = Schemas['ChangedRows'];
export type LedgerImport = Schemas['LedgerImportView'];
export type LedgerImportList = Schemas['LedgerImportList'];
export type LedgerImportLines = Schemas['LedgerImportLines'];
export type PackView = Schemas['PackView'];
export type Parameters = Schemas['ParameterList'];
export type Burden = Schemas['Burden'];

export type RosterList = Schemas['RosterList'];
export type RosterDetail = Schemas['RosterDetail'];
export type RosterRun = Narrow<Schemas['RosterRunView'], { state: 'waiting' | 'working' | 'done' | 'cancelled' | 'failed'; step: '' | 'waiting' | 'read' | 'register' | 'link' | 'write' | 'compare' }>;
export type RosterRuns = Narrow<Schemas['RosterRunList'], { items: RosterRun[] }>;
export type PairList = Schemas['PairList'];
export type PairView = Schemas['PairView'];
export type Discrepancy = Schemas['DiscrepancyView'];
export type DiscrepancyGroups = Schemas['DiscrepancyGroups'];
export type ComparisonList = Schemas['ComparisonList'];
export type ComparisonDetail = Schemas['ComparisonDetail'];
