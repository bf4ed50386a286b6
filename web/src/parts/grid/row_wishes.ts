// What somebody typed into cells, stored one wish after another. What the server refuses stays as typed and says why;
// the rest of a block is stored all the same.

import { computed, ref } from 'vue';
import { write } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type { ChangedRows, LedgerRow } from '../../api/types';
import type { CellChange, CellValue } from './cell_text';

export interface RowSource {
  ledger: () => string;
  rowOf: (id: string) => LedgerRow | undefined;
  reload: () => Promise<void>;
}

export class RowWishes {
  readonly typed = ref<Record<string, Record<string, CellValue>>>({});
  readonly wrong = ref<Record<string, string>>({}); // "row/column" → the server's sentence
  readonly problem = ref<Problem | null>(null); // where no cell is to blame
  readonly saving = computed(() => this.waiting.value > 0);
  private readonly waiting = ref(0);
  private readonly versions = new Map<string, number>(); // of rows stored here whose newer version has not been read yet
  private readonly source: RowSource;
  private unsaved: CellChange[] = [];
  private queue = Promise.resolve();

  constructor(source: RowSource) {
    this.source = source;
  }

  valueNow(change: CellChange): CellValue {
    const own = this.typed.value[change.row];
    if (own && change.column in own) return own[change.column] ?? null;
    return this.source.rowOf(change.row)?.cells[change.column] ?? null;
  }

  put(changes: CellChange[]): void {
    for (const one of changes) this.typed.value[one.row] = { ...this.typed.value[one.row], [one.column]: one.value };
    this.waiting.value++;
    this.queue = this.queue.then(() => this.send(changes)).finally(() => this.waiting.value--);
  }

  again(): void {
    const left = this.unsaved;
    this.unsaved = [];
    this.problem.value = null;
    this.put(left);
  }

  drop(): void {
    this.wrong.value = {};
    this.typed.value = {};
    this.problem.value = null;
    this.versions.clear();
  }

  private async send(changes: CellChange[]): Promise<void> {
    if (changes.length === 0) return;
    const by_row = new Map<string, CellChange[]>();
    for (const one of changes) by_row.set(one.row, [...(by_row.get(one.row) ?? []), one]);
    const order = [...by_row.keys()];
    const block = [...by_row].map(([id, cells]) => ({
      id,
      version: Math.max(this.source.rowOf(id)?.version ?? 0, this.versions.get(id) ?? 0),
      cells: Object.fromEntries(cells.map((one) => [one.column, one.value])),
    }));
    try {
      const answer = await write<ChangedRows>('POST', `/api/v1/ledgers/${this.source.ledger()}/rows`, { rows: block });
      for (const row of answer.body.rows) this.versions.set(row.id, row.version);
      this.mark(changes, () => '');
      await this.source.reload();
      this.forget(changes);
    } catch (error) {
      await this.refused(asProblem(error), changes, order);
    }
  }

  private async refused(why: Problem, changes: CellChange[], order: string[]): Promise<void> {
    const sentence = (one: CellChange): string => {
      const row = `/rows/${order.indexOf(one.row)}`;
      const found = why.fields.find((entry) => entry.field === `${row}/cells/${one.column}`) ?? why.fields.find((entry) => entry.field === row);
      return found ? [found.detail, found.mend].filter(Boolean).join(' ') : '';
    };
    const bad = changes.filter((one) => sentence(one) !== '');
    if (why.kind === 'stale' || why.status === 412) {
      this.versions.clear();
      await this.source.reload();
    }
    if (bad.length === 0) {
      this.unsaved = [...this.unsaved, ...changes];
      this.problem.value = why;
      return;
    }
    this.mark(bad, sentence);
    await this.send(changes.filter((one) => sentence(one) === ''));
  }

  /** What is stored is no longer "as typed", unless it has been typed over since. */
  private forget(changes: CellChange[]): void {
    for (const one of changes) if (this.typed.value[one.row]?.[one.column] === one.value) delete this.typed.value[one.row]?.[one.column];
  }

  private mark(changes: CellChange[], why: (change: CellChange) => string): void {
    const marked = { ...this.wrong.value };
    for (const one of changes) {
      const text = why(one);
      if (text) marked[`${one.row}/${one.column}`] = text;
      else delete marked[`${one.row}/${one.column}`];
    }
    this.wrong.value = marked;
  }
}
