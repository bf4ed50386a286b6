// What somebody typed into a ledger and is not stored yet, kept while the window is open: leaving the page, another
// language or a phone that closes its pages loses nothing. Private values are never kept here.

import { me } from '../../session';
import type { CellChange } from './cell_text';

export interface KeptCell extends CellChange {
  why: string; // the server's sentence; empty when it was never asked
  area: string; // where the row is found again
  period: string;
  version: number; // of the row when it was typed
}

function place(kind: string, ledger: string): string {
  return `yihu.${kind}.${me.value?.user.id ?? ''}.${ledger}`;
}

function load<T>(at: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(at) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

function store(at: string, value: unknown): void {
  try {
    if (value === null) sessionStorage.removeItem(at);
    else sessionStorage.setItem(at, JSON.stringify(value));
  } catch {
    // A full or forbidden store: the page still holds it.
  }
}

export function keptCells(ledger: string): KeptCell[] {
  return load<KeptCell[]>(place('cells', ledger)) ?? [];
}

export function keepCells(ledger: string, cells: KeptCell[]): void {
  store(place('cells', ledger), cells.length > 0 ? cells : null);
}

/** By row; the empty name stands for a new one. */
export function keptForms(ledger: string): Record<string, Record<string, string>> {
  return load<Record<string, Record<string, string>>>(place('form', ledger)) ?? {};
}

export function keepForm(ledger: string, row: string, values: Record<string, string>): void {
  const { [row]: _, ...others } = keptForms(ledger);
  const all = Object.keys(values).length > 0 ? { ...others, [row]: values } : others;
  store(place('form', ledger), Object.keys(all).length > 0 ? all : null);
}
