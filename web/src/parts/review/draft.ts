// The draft under review: what the server holds, with what was just changed laid over it until it answers.

import { computed, ref, type Ref } from 'vue';
import { newOperation, write } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type { Reading } from '../../api/reading';
import type { CorrectedField, CorrectedValue, DraftMeasure, DraftTask, Import, ImportWarning } from '../../api/types';

export interface CorrectionSent {
  task: number;
  measure: number;
  field: CorrectedField;
  value: CorrectedValue;
}

export type UnitAnswer = { name: string; unit_id: string } | { name: string; create: { name: string; short_name: string } };

export interface DraftChange {
  corrections?: CorrectionSent[];
  units?: UnitAnswer[];
  settle?: string[];
}

export function keyOf(task: number, position: number): string {
  return `m${task}-${position}`;
}

function placeIn(warning: ImportWarning): number {
  return warning.task === null ? Number.MAX_SAFE_INTEGER : warning.task * 1000 + (warning.measure ?? 0);
}

/** The name a warning is about, when it is about a name: a group whose members nobody has told. */
export function nameIn(warning: ImportWarning): string {
  return warning.id.startsWith('group:') ? warning.id.slice('group:'.length) : '';
}

/** The warning that a name stands for no unit we know. */
export function unitWarning(name: string): string {
  return `unit:${name}`;
}

export function useDraft(reading: Reading<Import>, import_id: () => string) {
  const overlay: Ref<DraftChange[]> = ref([]);
  const problem = ref<Problem | null>(null);
  const saving = computed(() => overlay.value.length > 0);
  let queue: Promise<unknown> = Promise.resolve();

  const tasks = computed<DraftTask[]>(() => {
    const corrections = overlay.value.flatMap((change) => change.corrections ?? []);
    return (reading.data.value?.plan.tasks ?? []).map((task) => {
      const mine = corrections.filter((entry) => entry.task === task.no);
      return mine.length === 0 ? task : { ...task, measures: task.measures.map((measure) => corrected(measure, mine)) };
    });
  });
  const settled = computed(() => new Set(overlay.value.flatMap((change) => change.settle ?? [])));
  const answered = computed(() => new Set(overlay.value.flatMap((change) => (change.units ?? []).map((unit) => unit.name))));
  const all_warnings = computed(() => (reading.data.value?.warnings ?? []).map((entry) => (settled.value.has(entry.id) ? { ...entry, settled: true } : entry)));
  // A name nobody knows has a card of its own with the answers at hand; the list need not say it again.
  // What has a place comes first: it can be looked at and put right there. Settling moves nothing, so that the next
  // one stays where the eye left it.
  const warnings = computed(() =>
    all_warnings.value.filter((entry) => entry.code !== 'unit_unknown').sort((left, right) => placeIn(left) - placeIn(right) || left.id.localeCompare(right.id, undefined, { numeric: true })),
  );
  const left_open = computed(() => new Set(all_warnings.value.filter((entry) => entry.code === 'unit_unknown' && entry.settled).map((entry) => entry.id)));
  const unknown_units = computed(() =>
    (reading.data.value?.units ?? []).filter((entry) => !entry.unit && !entry.group && !answered.value.has(entry.name) && !left_open.value.has(unitWarning(entry.name))),
  );

  function corrected(measure: DraftMeasure, corrections: CorrectionSent[]): DraftMeasure {
    const mine = corrections.filter((entry) => entry.measure === measure.position);
    return mine.reduce((result, entry) => ({ ...result, [entry.field]: entry.value }), measure);
  }

  /** Shows at once; one after the other goes to the server, each on the version before it. A refusal takes it back. */
  function change(wanted: DraftChange): Promise<boolean> {
    overlay.value = [...overlay.value, wanted];
    const laid = overlay.value[overlay.value.length - 1];
    const operation = newOperation();
    const sent = queue.then(async () => {
      try {
        const answer = await write<Import>('PATCH', `/api/v1/plan-imports/${import_id()}`, wanted, { if_match: reading.etag.value, operation });
        reading.set(answer.body, answer.etag);
        problem.value = null;
        return true;
      } catch (error) {
        problem.value = asProblem(error);
        if (problem.value.kind === 'stale') await reading.reload();
        return false;
      } finally {
        overlay.value = overlay.value.filter((entry) => entry !== laid);
      }
    });
    queue = sent;
    return sent;
  }

  return { tasks, warnings, unknown_units, saving, problem, change };
}
