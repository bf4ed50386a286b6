// The periods of a ledger: as the store writes them ("2019", "2019-H1", "2019-Q2", "2019-06"), in words, and those a
// clerk may want to look at.

import { useI18n } from 'vue-i18n';

export const EVERY_PERIOD = '*';
const PER_YEAR: Record<string, number> = { year: 1, half_year: 2, quarter: 4, month: 12 };
const LOOKED_BACK: Record<string, number> = { year: 5, half_year: 4, quarter: 8, month: 12 };
const WRITTEN = /^(\d{4})(?:-([HQ]?)(\d{1,2}))?$/;

/** Newest first: the current one, those before it, and whichever else is known. */
export function periodsBefore(kind: string, current: string, known: string[] = []): string[] {
  const parts = PER_YEAR[kind];
  const here = WRITTEN.exec(current);
  const all = new Set(known.filter((one) => WRITTEN.test(one)));
  if (parts && here) {
    const last = Number(here[1]) * parts + (here[3] ? Number(here[3]) - 1 : 0);
    for (let back = 0; back < (LOOKED_BACK[kind] ?? 0); back++) all.add(written(kind, Math.floor((last - back) / parts), ((last - back) % parts) + 1));
  }
  return [...all].sort().reverse();
}

function written(kind: string, year: number, part: number): string {
  if (kind === 'half_year') return `${year}-H${part}`;
  if (kind === 'quarter') return `${year}-Q${part}`;
  if (kind === 'month') return `${year}-${String(part).padStart(2, '0')}`;
  return String(year);
}

export function usePeriods() {
  const { t } = useI18n();

  function periodText(period: string | null | undefined): string {
    const found = WRITTEN.exec(period ?? '');
    if (!found) return period ? period : t('ledgers.no_period');
    const [, year, mark, part] = found;
    if (!part) return t('period.year', { year });
    if (mark === 'H') return part === '1' ? t('period.first_half', { year }) : t('period.second_half', { year });
    if (mark === 'Q') return t('period.quarter', { year, n: Number(part) });
    return t('period.month', { year, n: Number(part) });
  }

  return { periodText };
}
