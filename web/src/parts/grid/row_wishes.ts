// What somebody typed into cells, stored one wish after another. What the server refuses stays as typed and says why;
// the rest of a block is stored all the same. Whatever is not stored yet is kept beside, for when the page is left.

import { computed, ref } from 'vue';
import { write } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type { ChangedRows, LedgerRow } from '../../api/types';
import type { CellChange, CellValue } from './cell_text';
import { keepCells, keptCells, type KeptCell } from './kept_cells';

export interface RowSource {
  ledger: string;
  rowOf: (id: string) => LedgerRow | undefined;
  isPrivate: (column: string) => boolean;
  reload: () => Promise<void>;
}

export type RowPlace = Pick<KeptCell, 'area' | 'period' | 'version'>;

export class RowWishes {
  readonly typed = ref<Record<string, Record<string, CellValue>>>({}); // what is not stored yet
  readonly wrong = ref<Record<string, string>>({}); // "row/column" → the server's sentence
  readonly problem = ref<Problem | null>(null); // where no cell is to blame
  readonly unsaved = ref<CellChange[]>([]); // nobody asked the server, or it did not answer
  readonly saving = computed(() => this.waiting.value > 0);
  private readonly waiting = ref(0);
  private readonly versions = new Map<string, number>(); // of rows stored here whose newer version has not been read yet
  private readonly places = new Map<string, RowPlace>(); // of rows with something typed
  private readonly source: RowSource;
  private queue = Promise.resolve();

  constructor(source: RowSource) {
    this.source = source;
    for (const one of keptCells(source.ledger)) {
      this.type(one);
      this.places.set(one.row, { area: one.area, period: one.period, version: one.version });
      if (one.why) this.wrong.value[`${one.row}/${one.column}`] = one.why;
      else this.unsaved.value.push({ row: one.row, column: one.column, value: one.value });
    }
  }

  valueNow(change: CellChange): CellValue {
    const own = this.typed.value[change.row];
    if (own && change.column in own) return own[change.column] ?? null;
    return this.source.rowOf(change.row)?.cells[change.column] ?? null;
  }

  put(changes: CellChange[]): void {
    for (const one of changes) this.type(one);
    this.unsaved.value = this.unsaved.value.filter((old) => !changes.some((one) => one.row === old.row && one.column === old.column));
    this.keep();
    this.waiting.value++;
    this.queue = this.queue.then(() => this.send(changes)).finally(() => this.waiting.value--);
  }

  again(): void {
    const left = this.unsaved.value;
    this.problem.value = null;
    this.put(left);
  }

  /** Lets go of everything that is not stored. */
  drop(): void {
    this.wrong.value = {};
    this.typed.value = {};
    this.unsaved.value = [];
    this.problem.value = null;
    this.keep();
  }

  placeOf(row: string): RowPlace | undefined {
    return this.places.get(row);
  }

  /** What would be gone with the page. */
  losesPrivate(): boolean {
    return Object.values(this.typed.value).some((cells) => Object.keys(cells).some((column) => this.source.isPrivate(column)));
  }

  /** Stored by another way, or gone with its row. */
  settle(row: string, columns: string[]): void {
    this.mark(columns.map((column) => ({ row, column, value: null })), () => '');
    this.unsaved.value = this.unsaved.value.filter((one) => one.row !== row || !columns.includes(one.column));
    for (const column of columns) delete this.typed.value[row]?.[column];
    this.keep();
  }

  private type(change: CellChange): void {
    this.typed.value[change.row] = { ...this.typed.value[change.row], [change.column]: change.value };
    const row = this.source.rowOf(change.row);
    if (row) this.places.set(row.id, { area: row.area, period: row.period, version: row.version });
  }

  private keep(): void {
    const cells: KeptCell[] = Object.entries(this.typed.value).flatMap(([row, values]) =>
      Object.entries(values)
        .filter(([column]) => !this.source.isPrivate(column))
        .map(([column, value]) => ({ row, column, value, why: this.wrong.value[`${row}/${column}`] ?? '', ...(this.places.get(row) ?? { area: '', period: '', version: 0 }) })),
    );
    keepCells(this.source.ledger, cells);
  }

  private async send(changes: CellChange[]): Promise<void> {
    if (changes.length === 0) return;
    const by_row = new Map<string, CellChange[]>();
    for (const one of changes) by_row.set(one.row, [...(by_row.get(one.row) ?? []), one]);
    const order = [...by_row.keys()];
    const block = [...by_row].map(([id, cells]) => ({
      id,
      version: Math.max(this.source.rowOf(id)?.version ?? this.places.get(id)?.version ?? 0, this.versions.get(id) ?? 0),
      cells: Object.fromEntries(cells.map((one) => [one.column, one.value])),
    }));
    try {
      const answer = await write<ChangedRows>('POST', `/api/v1/ledgers/${this.source.ledger}/rows`, { rows: block });
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
      this.unsaved.value = [...this.unsaved.value, ...changes];
      this.problem.value = why;
      return;
    }
    this.mark(bad, sentence);
    await this.send(changes.filter((one) => sentence(one) === ''));
  }

  /** What is stored is no longer "as typed", unless it has been typed over since. */
  private forget(changes: CellChange[]): void {
    for (const one of changes) {
      const cells = this.typed.value[one.row];
      if (!cells || cells[one.column] !== one.value) continue;
      delete cells[one.column];
      if (Object.keys(cells).length === 0) delete this.typed.value[one.row];
    }
    this.keep();
  }

  private mark(changes: CellChange[], why: (change: CellChange) => string): void {
    const marked = { ...this.wrong.value };
    for (const one of changes) {
      const text = why(one);
      if (text) marked[`${one.row}/${one.column}`] = text;
      else delete marked[`${one.row}/${one.column}`];
    }
    this.wrong.value = marked;
    this.keep();
  }
}
