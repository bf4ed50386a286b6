// Where the keyboard stands in a grid, and the rectangle that is chosen with it.

import { ref, type Ref } from 'vue';

export interface Bounds {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export interface Range {
  row: Ref<number>;
  column: Ref<number>;
  bounds: () => Bounds;
  cells: () => [number, number][];
  isHere: (row: number, column: number) => boolean;
  isIn: (row: number, column: number) => boolean;
  /** `keep` leaves the other corner where it is. */
  go: (row: number, column: number, keep: boolean) => void;
  move: (down: number, along: number, keep: boolean) => void;
}

export function useRange(row_count: () => number, column_count: () => number): Range {
  const row = ref(0);
  const column = ref(0);
  const other = ref({ row: 0, column: 0 });

  function go(to_row: number, to_column: number, keep: boolean): void {
    row.value = within(to_row, row_count());
    column.value = within(to_column, column_count());
    if (!keep) other.value = { row: row.value, column: column.value };
  }

  function bounds(): Bounds {
    return {
      top: Math.min(row.value, other.value.row),
      bottom: Math.max(row.value, other.value.row),
      left: Math.min(column.value, other.value.column),
      right: Math.max(column.value, other.value.column),
    };
  }

  function cells(): [number, number][] {
    const { top, bottom, left, right } = bounds();
    const all: [number, number][] = [];
    for (let down = top; down <= bottom; down++) for (let along = left; along <= right; along++) all.push([down, along]);
    return all;
  }

  return {
    row,
    column,
    bounds,
    cells,
    go,
    isHere: (at_row, at_column) => at_row === row.value && at_column === column.value,
    isIn: (at_row, at_column) => {
      const { top, bottom, left, right } = bounds();
      return at_row >= top && at_row <= bottom && at_column >= left && at_column <= right;
    },
    move: (down, along, keep) => go(row.value + down, column.value + along, keep),
  };
}

function within(wanted: number, count: number): number {
  return Math.max(0, Math.min(count - 1, wanted));
}
