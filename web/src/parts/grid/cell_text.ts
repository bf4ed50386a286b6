// What a cell shows, and what a typed text means. A text that means nothing of the column's type is kept as it was
// typed: the server says what is wrong with it, and the cell stays marked until it is put right.

export type CellValue = string | number | boolean | null;

export interface GridColumn {
  id: string;
  label: string;
  type: 'bool' | 'int' | 'real' | 'money' | 'percent' | 'date' | 'text' | 'code';
  codes: { id: string; label: string }[];
  editable: boolean;
  required: boolean;
  hint: string;
  sealed?: boolean; // kept encrypted and shown as a mask
}

export interface GridRow {
  id: string;
  head: string; // whom or what the row is about
  place?: string; // where that is
  period?: string; // in words, where rows of several periods stand together
  cells: Record<string, CellValue>;
}

export interface CellChange {
  row: string;
  column: string;
  value: CellValue;
}

/** Words that people write for yes and no, in any language of the office; the first of each is the one shown. */
export interface YesNo {
  yes: string[];
  no: string[];
}

/** What stands in place of a sealed value. */
export const MASK = '\u2022'.repeat(6);
const FEN_PER_YUAN = 100;
const YUAN = /\u5143$/;
const DAY = /^(\d{4})[-/.\u5e74](\d{1,2})[-/.\u6708](\d{1,2})\u65e5?$/;

export function isNumber(column: GridColumn): boolean {
  return column.type === 'int' || column.type === 'real' || column.type === 'money' || column.type === 'percent';
}

export function textOf(column: GridColumn, value: CellValue, words: YesNo): string {
  if (value === null || value === undefined) return '';
  if (column.type === 'bool' && typeof value === 'boolean') return (value ? words.yes[0] : words.no[0]) ?? '';
  if (column.type === 'money' && typeof value === 'number') return (value / FEN_PER_YUAN).toFixed(value % FEN_PER_YUAN === 0 ? 0 : 2);
  if (column.type === 'code') return column.codes.find((code) => code.id === value)?.label ?? String(value);
  return String(value);
}

/** An empty text is a missing value. */
export function valueOf(column: GridColumn, typed: string, words: YesNo): CellValue {
  const text = typed.normalize('NFKC').trim();
  if (text === '') return null;
  switch (column.type) {
    case 'bool': {
      const word = text.toLowerCase();
      return words.yes.includes(word) ? true : words.no.includes(word) ? false : text;
    }
    case 'int':
    case 'real':
    case 'percent':
      return numberFrom(text.replace(/%$/, '')) ?? text;
    case 'money': {
      const yuan = numberFrom(text.replace(YUAN, ''));
      return yuan === null ? text : Math.round(yuan * FEN_PER_YUAN);
    }
    case 'date': {
      const parts = DAY.exec(text);
      return parts ? `${parts[1]}-${parts[2].padStart(2, '0')}-${parts[3].padStart(2, '0')}` : text;
    }
    case 'code':
      return column.codes.find((code) => code.label === text || code.id === text)?.id ?? text;
    case 'text':
      return typed.trim();
  }
}

/** A few letters of exactly one of the column's words stand for it; anything else stays as it was typed. */
export function completed(column: GridColumn, typed: string): string {
  const text = typed.trim();
  if (column.type !== 'code' || text === '' || column.codes.some((code) => code.label === text || code.id === text)) return typed;
  const begun = column.codes.filter((code) => code.label.startsWith(text));
  const found = begun.length > 0 ? begun : column.codes.filter((code) => code.label.includes(text));
  return found.length === 1 ? (found[0]?.label ?? typed) : typed;
}

function numberFrom(text: string): number | null {
  const digits = text.replaceAll(',', '');
  return /^[-+]?\d+(\.\d+)?$/.test(digits) ? Number(digits) : null;
}
