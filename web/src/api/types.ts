// What the server answers, by name. Days are "2019-04-30", instants carry their zone, spans count code points.

export type State = 'done' | 'on_course' | 'at_risk' | 'late' | 'unknown';
export type Span = [number, number];

export interface Unit {
  id: string;
  name: string;
  short_name: string;
}

export interface UnitRow extends Unit {
  kind: string;
  aliases: string[];
  parent_id: string | null;
  leads: number;
  responsible: number;
  version: number;
}

export interface Post {
  id: string;
  unit: Unit;
  role: string;
  role_label: string;
  from: string;
  to: string | null;
}

export type Permission =
  | 'plan_read'
  | 'plan_import'
  | 'plan_correct'
  | 'measure_report'
  | 'unit_manage'
  | 'user_manage'
  | 'journal_read';

export interface Me {
  user: { id: string; name: string; display_name: string };
  posts: Post[];
  permissions: Permission[];
  csrf_token: string;
  must_change_password: boolean;
  code_enabled: boolean;
  demo: boolean;
  today: string;
  plan: { id: string; title: string; year: number } | null;
  own_unit: Unit | null;
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export interface TodayItem {
  kind: 'measure_due' | 'import_open';
  id: string;
  measure_id?: string | null;
  import_id?: string | null;
  title: string;
  place: string;
  what: string;
  due: string | null;
  days_left: number | null;
  state: State;
  reason: string;
}

export interface Today {
  day: string;
  mine: number;
  late: number;
  done_this_week: number;
  items: TodayItem[];
  next: { title: string; due: string } | null;
}

export interface PlanHead {
  id: string;
  title: string;
  number: string;
  issuer: string;
  year: number;
  date: string | null;
  origin: 'document' | 'pack';
  status: 'current' | 'replaced';
}

export interface Figures {
  measures: number;
  done: number;
  on_course: number;
  at_risk: number;
  late: number;
  unknown: number;
}

export interface Tile {
  id: string;
  no: number;
  title: string;
  short_title: string;
  kind: 'tracked' | 'principle';
  measures: number;
  done: number;
  progress: number | null;
  state: State;
  reason: string;
  lead: Unit[];
  next_due: string | null;
}

export interface FallingDue {
  occurrence_id: string | null; // none for a measure without dates, due at the end of the year
  measure_id: string;
  task_no: number;
  measure_no: number | null;
  title: string;
  label: string;
  position: number;
  due: string;
  days_left: number;
  state: State;
  reason: string;
  units: Unit[];
}

export interface Board {
  plan: PlanHead & { has_document: boolean };
  as_of: string;
  figures: Figures;
  parts: { no: number; title: string; tasks: Tile[] }[];
  falling_due: FallingDue[];
}

export interface MeasureSummary {
  id: string;
  task_no: number;
  no: number | null;
  position: number;
  title: string;
  text: string;
  lead: Unit[];
  responsible: Unit[];
  groups: string[];
  state: State;
  reason: string;
  progress: number | null;
  next_due: string | null;
  reports: number;
}

export interface TaskDetail {
  plan_id: string;
  id: string;
  no: number;
  title: string;
  short_title: string;
  part: { no: number; title: string };
  text: string;
  kind: 'tracked' | 'principle';
  state: State;
  reason: string;
  progress: number | null;
  measures: MeasureSummary[];
}

export interface Deadline {
  from: string | null;
  by: string | null;
  text: string;
}

export type Per = 'day' | 'week' | 'half_month' | 'month' | 'quarter' | 'half_year' | 'term' | 'year';

export interface Recurrence {
  per: Per;
  times: number;
  text: string;
}

export interface Target {
  value: number;
  value_max: number | null;
  unit: string;
  op: string;
  text: string;
}

export interface Evidence {
  id: string;
  name: string;
  size: number;
  type: string;
}

export interface Report {
  id: string;
  at: string;
  by: string;
  unit: Unit;
  occurrence_id: string | null;
  done: boolean;
  text: string;
  value: number | null;
  evidence: Evidence[];
}

export interface Occurrence {
  id: string;
  label: string;
  from: string | null;
  due: string;
  state: State;
  reason: string;
  report_id: string | null;
}

export interface Indicator {
  id: string;
  label: string;
  value: number | null;
  target: number | null;
  unit: string;
  as_of: string | null;
  series: { day: string; value: number }[];
}

export interface MeasureDetail extends Omit<MeasureSummary, 'reports'> {
  plan_id: string;
  task: { no: number; title: string };
  sentence: { text: string; span: Span } | null;
  deadlines: Deadline[];
  recurrences: Recurrence[];
  targets: Target[];
  indicator: Indicator | null;
  occurrences: Occurrence[];
  reports: Report[]; // empty for who may not read them
  reports_open: boolean;
  may_report: Unit[]; // units of the viewer that may report on it
  history: { at: string; who: string; what: string }[];
  version: number;
}

export interface PlanText {
  text: string;
  marks: { measure_id: string; task_no: number; position: number; span: Span }[];
}

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

export interface Correction {
  id: string;
  task: number;
  measure: number;
  field: CorrectedField;
  before: CorrectedValue;
  after: CorrectedValue;
  at: string;
  by: string;
  fits: boolean; // carried from an earlier document and still about the same words
}

export interface ImportWarning {
  id: string;
  code: string;
  task: number | null;
  measure: number | null;
  text: string;
  span: Span | null;
  settled: boolean;
}

export interface ImportUnit {
  name: string;
  count: number;
  unit: Unit | null;
  group: string | null;
  members: Unit[];
  suggestions: Unit[];
}

export interface Import {
  id: string;
  status: 'draft' | 'accepted' | 'discarded';
  file_name: string;
  format: string;
  version: number;
  text: string;
  plan: DraftPlan;
  units: ImportUnit[];
  corrections: Correction[];
  warnings: ImportWarning[];
  replaces: { id: string; title: string } | null;
  plan_id: string | null; // once accepted
}

export interface ImportRow {
  id: string;
  status: Import['status'];
  file_name: string;
  title: string;
  year: number | null;
  at: string;
  by: string;
  warnings: number;
}

export interface Workbench {
  unit: Unit;
  plan_id: string;
  as_of: string;
  figures: Figures;
  leading: MeasureSummary[];
  responsible: MeasureSummary[];
  due: FallingDue[];
}

export interface UserRow {
  id: string;
  name: string;
  display_name: string;
  active: boolean;
  last_seen: string | null;
  posts: Post[];
  version: number;
}

export interface Role {
  id: string;
  label: string;
  scope: string;
  permissions: Permission[];
}

export interface CalendarAddress {
  id: string;
  unit: Unit | null;
  made_at: string;
}

export interface JournalEntry {
  sequence: number;
  at: string;
  actor: { id: string; display_name: string };
  action: string;
  action_label: string;
  subject_kind: string;
  subject: string;
  subject_label: string;
  request: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  hash: string;
}

export interface JournalCheck {
  entries: number;
  whole: boolean;
  broken_at: number | null;
  reason: string | null;
  head: string;
}

export interface Difference {
  items: {
    kind: 'added' | 'removed' | 'changed' | 'same';
    task_title: string;
    before: string | null;
    after: string | null;
    fields: string[];
  }[];
}
