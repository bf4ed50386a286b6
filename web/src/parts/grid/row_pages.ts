// The rows of a ledger, read page by page; as many pages as were open are read again when something changed.

import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { read } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import { useReading } from '../../api/reading';
import type { LedgerRow, Page } from '../../api/types';

export interface RowPages {
  rows: ComputedRef<LedgerRow[]>;
  ready: ComputedRef<boolean>;
  problem: Ref<Problem | null>;
  next: Ref<string | null>;
  reload: () => Promise<void>;
  fetchMore: () => Promise<void>;
}

export function useRowPages(path: () => string): RowPages {
  const { data, problem, reload } = useReading<Page<LedgerRow>>(path, (subject) => /^(ledger_row|ledger_import|household|person):/.test(subject));
  const more = shallowRef<LedgerRow[]>([]);
  const next = ref<string | null>(null);
  let pages = 1;
  let turn = 0;

  watch(path, () => {
    pages = 1;
    more.value = [];
    next.value = null;
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

  const rows = computed(() => [...(data.value?.items ?? []), ...more.value]);
  return { rows, ready: computed(() => data.value !== null), problem, next, reload, fetchMore };
}
