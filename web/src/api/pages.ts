// A list read page by page: as many pages as were open are read again when something changed.

import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { read } from './client';
import { asProblem, type Problem } from './problem';
import { useReading } from './reading';

export interface Pages<Row, Body> {
  first: ShallowRef<Body | null>; // the whole answer of the first page
  rows: ComputedRef<Row[]>;
  ready: ComputedRef<boolean>;
  problem: Ref<Problem | null>;
  next: Ref<string | null>; // where the next page begins
  fetching: Ref<boolean>;
  reload: () => Promise<void>;
  fetchMore: () => Promise<void>;
}

interface Listed<Row> {
  items: Row[];
  next?: string | null;
}

/**
 * @param path what gives the first page; empty reads nothing
 * @param nextOf where the page after this one begins, for answers that do not say it themselves
 * @param from the parameter that says where a page begins
 */
export function usePages<Row, Body extends Listed<Row> = Listed<Row>>(
  path: () => string,
  concerns?: (subject: string) => boolean,
  nextOf: (body: Body) => string | null = (body) => body.next ?? null,
  from = 'after',
): Pages<Row, Body> {
  const { data, problem, reload } = useReading<Body>(path, concerns);
  const more = shallowRef<Row[]>([]);
  const next = ref<string | null>(null);
  const fetching = ref(false);
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

  /** The pages behind the first one, as many as are open. */
  async function fill(first: Body): Promise<void> {
    const mine = ++turn;
    const found: Row[] = [];
    let after = nextOf(first);
    fetching.value = pages > 1;
    try {
      for (let page = 1; page < pages && after; page++) {
        const answer = await read<Body>(`${path()}${path().includes('?') ? '&' : '?'}${from}=${encodeURIComponent(after)}`);
        if (mine !== turn) return;
        found.push(...answer.body.items);
        after = nextOf(answer.body);
      }
      more.value = found;
      next.value = after;
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error);
    } finally {
      if (mine === turn) fetching.value = false;
    }
  }

  async function fetchMore(): Promise<void> {
    if (!data.value || !next.value || fetching.value) return;
    pages++;
    await fill(data.value);
  }

  const rows = computed(() => [...(data.value?.items ?? []), ...more.value]);
  return { first: data, rows, ready: computed(() => data.value !== null), problem, next, fetching, reload, fetchMore };
}
