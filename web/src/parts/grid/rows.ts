// The rows of a ledger as a clerk works on them: read page by page, changed at once on the screen, stored one wish
// after another. What the server refuses stays as typed and says why; the rest of a block is stored all the same.

import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { read, write } from '../../api/client';
import { Problem } from '../../api/problem';
import { useReading } from '../../api/reading';
import type { ChangedRows, LedgerRow, Page } from '../../api/types';
import { MASK, type CellChange, type CellValue } from './cell_text';

const PAGE_ROWS = 100;
const UNDO_MAX = 50;

export interface LedgerRows {
  rows: ComputedRef<LedgerRow[]>;
  ready: ComputedRef<boolean>;
  problem: Ref<Problem | null>; // with reading
  next: Ref<string | null>;
  wrong: Ref<Record<string, string>>; // "row/column" → the server's sentence
  save_problem: Ref<Problem | null>; // with storing, where no cell is to blame
  saving: ComputedRef<boolean>;
  undo_steps: ComputedRef<number>;
  reload: () => Promise<void>;
  fetchMore: () => Promise<void>;
  change: (changes: CellChange[]) => void;
  undo: () => void;
  again: () => void;
}

/** @param query what follows "?" in the address of the rows, or null while it is not known yet */
export function useRows(ledger: () => string, query: () => string | null): LedgerRows {
  const path = (): string => (query() === null ? '' : `/api/v1/ledgers/${ledger()}/rows?limit=${PAGE_ROWS}${query() ? `&${query()}` : ''}`);
  const { data, problem, reload } = useReading<Page<LedgerRow>>(path, (subject) => /^(ledger_row|ledger_import|household|person):/.test(subject));
  const more = shallowRef<LedgerRow[]>([]);
  const next = ref<string | null>(null);
  const wrong = ref<Record<string, string>>({});
  const typed = ref<Record<string, Record<string, CellValue>>>({});
  const undone = ref<CellChange[][]>([]);
  const save_problem = ref<Problem | null>(null);
  const waiting = ref(0);
  const versions = new Map<string, number>(); // of rows stored here whose newer version has not been read yet
  let unsaved: CellChange[] = [];
  let pages = 1;
  let turn = 0;
  let queue = Promise.resolve();

  const stored = computed(() => [...(data.value?.items ?? []), ...more.value]);
  const rows = computed(() => stored.value.map((row) => ({ ...row, cells: { ...row.cells, ...typed.value[row.id] } })));

  watch(path, () => {
    pages = 1;
    more.value = [];
    next.value = null;
    wrong.value = {};
    typed.value = {};
    undone.value = [];
    save_problem.value = null;
    versions.clear();
  });
  watch(data, (first) => {
    if (first) void fill(first);
  }, { immediate: true });

  /** The pages behind the first one, as many as were open. */
  async function fill(first: Page<LedgerRow>): Promise<void> {
    const mine = ++turn;
    const found: LedgerRow[] = [];
    let after = first.next;
    try {
      for (let page = 1; page < pages && after; page++) {
        const answer = await read<Page<LedgerRow>>(`${path()}&after=${encodeURIComponent(after)}`);
        if (mine !== turn) return;
        found.push(...answer.body.items);
        after = answer.body.next;
      }
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error);
      return;
    }
    more.value = found;
    next.value = after;
  }

  async function fetchMore(): Promise<void> {
    if (!data.value || !next.value) return;
    pages++;
    await fill(data.value);
  }

  function rowOf(id: string): LedgerRow | undefined {
    return stored.value.find((row) => row.id === id);
  }

  function valueNow(change: CellChange): CellValue {
    const own = typed.value[change.row];
    if (own && change.column in own) return own[change.column] ?? null;
    return rowOf(change.row)?.cells[change.column] ?? null;
  }

  function put(changes: CellChange[]): void {
    for (const one of changes) typed.value[one.row] = { ...typed.value[one.row], [one.column]: one.value };
    waiting.value++;
    queue = queue.then(() => send(changes)).finally(() => waiting.value--);
  }

  function change(changes: CellChange[]): void {
    // A sealed value cannot be put back: only its mask is known.
    const before = changes.map((one) => ({ ...one, value: valueNow(one) })).filter((one) => one.value !== MASK);
    if (before.length > 0) undone.value = [...undone.value, before].slice(-UNDO_MAX);
    put(changes);
  }

  function undo(): void {
    const last = undone.value.at(-1);
    if (!last) return;
    undone.value = undone.value.slice(0, -1);
    put(last);
  }

  function again(): void {
    const left = unsaved;
    unsaved = [];
    save_problem.value = null;
    put(left);
  }

  async function send(changes: CellChange[]): Promise<void> {
    if (changes.length === 0) return;
    const by_row = new Map<string, CellChange[]>();
    for (const one of changes) by_row.set(one.row, [...(by_row.get(one.row) ?? []), one]);
    const order = [...by_row.keys()];
    const block = [...by_row].map(([id, cells]) => ({
      id,
      version: Math.max(rowOf(id)?.version ?? 0, versions.get(id) ?? 0),
      cells: Object.fromEntries(cells.map((one) => [one.column, one.value])),
    }));
    try {
      const answer = await write<ChangedRows>('POST', `/api/v1/ledgers/${ledger()}/rows`, { rows: block });
      for (const row of answer.body.rows) versions.set(row.id, row.version);
      mark(changes, () => '');
      await reload();
      forget(changes);
    } catch (error) {
      await refused(asProblem(error), changes, order);
    }
  }

  async function refused(why: Problem, changes: CellChange[], order: string[]): Promise<void> {
    const sentence = (one: CellChange): string => {
      const row = `/rows/${order.indexOf(one.row)}`;
      const found = why.fields.find((entry) => entry.field === `${row}/cells/${one.column}`) ?? why.fields.find((entry) => entry.field === row);
      return found ? [found.detail, found.mend].filter(Boolean).join(' ') : '';
    };
    const bad = changes.filter((one) => sentence(one) !== '');
    if (why.kind === 'stale' || why.status === 412) {
      versions.clear();
      await reload();
    }
    if (bad.length === 0) {
      unsaved = [...unsaved, ...changes];
      save_problem.value = why;
      return;
    }
    mark(bad, sentence);
    await send(changes.filter((one) => sentence(one) === ''));
  }

  /** What is stored is no longer "as typed", unless it has been typed over since. */
  function forget(changes: CellChange[]): void {
    for (const one of changes) if (typed.value[one.row]?.[one.column] === one.value) delete typed.value[one.row]?.[one.column];
  }

  function mark(changes: CellChange[], why: (change: CellChange) => string): void {
    const marked = { ...wrong.value };
    for (const one of changes) {
      const text = why(one);
      if (text) marked[`${one.row}/${one.column}`] = text;
      else delete marked[`${one.row}/${one.column}`];
    }
    wrong.value = marked;
  }

  return {
    rows,
    ready: computed(() => data.value !== null),
    problem,
    next,
    wrong,
    save_problem,
    saving: computed(() => waiting.value > 0),
    undo_steps: computed(() => undone.value.length),
    reload,
    fetchMore,
    change,
    undo,
    again,
  };
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('server');
}
