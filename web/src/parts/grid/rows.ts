// The rows of a ledger as a clerk works on them: read page by page, changed at once on the screen, and taken back.

import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import { usePages, type Pages } from '../../api/pages';
import type { Problem } from '../../api/problem';
import type { LedgerRow, Page } from '../../api/types';
import { MASK, type CellChange } from './cell_text';
import { RowWishes, type RowPlace } from './row_wishes';

const PAGE_ROWS = 100;
const UNDO_MAX = 50;

export interface LedgerRows extends Pages<LedgerRow, Page<LedgerRow>> {
  wrong: Ref<Record<string, string>>; // "row/column" → the server's sentence
  save_problem: Ref<Problem | null>; // with storing, where no cell is to blame
  saving: ComputedRef<boolean>;
  left: ComputedRef<number>; // cells that were typed and never reached the server
  undo_steps: ComputedRef<number>;
  change: (changes: CellChange[]) => void;
  undo: () => void;
  again: () => void;
  drop: () => void;
  placeOf: (row: string) => RowPlace | undefined;
  settle: (row: string, columns: string[]) => void;
  losesPrivate: () => boolean;
}

/** @param query what follows "?" in the address of the rows, or null while it is not known yet */
export function useRows(ledger: string, query: () => string | null, isPrivate: (column: string) => boolean): LedgerRows {
  const path = (): string => (query() === null ? '' : `/api/v1/ledgers/${ledger}/rows?limit=${PAGE_ROWS}${query() ? `&${query()}` : ''}`);
  const pages = usePages<LedgerRow, Page<LedgerRow>>(path, (subject) => /^(ledger_row|ledger_import|household|person):/.test(subject));
  const wishes = new RowWishes({ ledger, isPrivate, rowOf: (id) => pages.rows.value.find((row) => row.id === id), reload: pages.reload });
  const undone = ref<CellChange[][]>([]);
  watch(path, () => (undone.value = []));

  function change(changes: CellChange[]): void {
    // A sealed value cannot be put back: only its mask is known.
    const before = changes.map((one) => ({ ...one, value: wishes.valueNow(one) })).filter((one) => one.value !== MASK);
    if (before.length > 0) undone.value = [...undone.value, before].slice(-UNDO_MAX);
    wishes.put(changes);
  }

  function undo(): void {
    const last = undone.value.at(-1);
    if (!last) return;
    undone.value = undone.value.slice(0, -1);
    wishes.put(last);
  }

  return {
    ...pages,
    rows: computed(() => pages.rows.value.map((row) => ({ ...row, cells: { ...row.cells, ...wishes.typed.value[row.id] } }))),
    wrong: wishes.wrong,
    save_problem: wishes.problem,
    saving: wishes.saving,
    undo_steps: computed(() => undone.value.length),
    change,
    undo,
    left: computed(() => wishes.unsaved.value.length),
    again: () => wishes.again(),
    drop: () => wishes.drop(),
    placeOf: (row) => wishes.placeOf(row),
    settle: (row, columns) => wishes.settle(row, columns),
    losesPrivate: () => wishes.losesPrivate(),
  };
}
