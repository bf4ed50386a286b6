// A page's data: shown at once from the last look, read again quietly when the server says it changed.

import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { read } from './client';
import { onChange } from './events';
import { asProblem, type Problem } from './problem';

const CHANGES_GATHERED_MS = 150;
const KEPT_MAX = 60;
const kept = new Map<string, { body: unknown; etag: string }>();

export interface Reading<T> {
  data: ShallowRef<T | null>;
  problem: Ref<Problem | null>;
  loading: Ref<boolean>;
  etag: Ref<string>;
  reload: () => Promise<void>;
  set: (body: T, etag: string) => void;
}

/**
 * Reads what `path` gives and keeps it current. An empty path reads nothing.
 * `concerns` says which subjects ("measure:<id>", "plan:<id>") make it read again; without it, all do.
 */
export function useReading<T>(path: () => string, concerns?: (subject: string, data: T | null) => boolean): Reading<T> {
  const data = shallowRef<T | null>(null);
  const problem = ref<Problem | null>(null);
  const loading = ref(false);
  const etag = ref('');
  let turn = 0;
  let gathered: ReturnType<typeof setTimeout> | undefined;

  function set(body: T, new_etag: string): void {
    data.value = body;
    etag.value = new_etag;
    keep(path(), body, new_etag);
  }

  async function reload(): Promise<void> {
    const wanted = path();
    if (!wanted) return;
    const mine = ++turn;
    loading.value = true;
    try {
      const answer = await read<T>(wanted, data.value === null ? '' : etag.value);
      if (mine !== turn) return;
      if (!answer.unchanged) set(answer.body, answer.etag);
      problem.value = null;
    } catch (error) {
      if (mine !== turn) return;
      problem.value = asProblem(error);
      if (problem.value.kind === 'missing') data.value = null;
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  watch(
    path,
    (wanted) => {
      const before = wanted ? kept.get(wanted) : undefined;
      data.value = (before?.body as T) ?? null;
      etag.value = before?.etag ?? '';
      problem.value = null;
      void reload();
    },
    { immediate: true },
  );

  const stop = onChange((subjects) => {
    const mine = subjects === null || !concerns || subjects.some((subject) => concerns(subject, data.value));
    if (!mine) return;
    clearTimeout(gathered);
    gathered = setTimeout(() => void reload(), CHANGES_GATHERED_MS);
  });
  onScopeDispose(() => {
    stop();
    clearTimeout(gathered);
    turn++;
  });

  return { data, problem, loading, etag, reload, set };
}

/** Another person or another language sees other answers. */
export function forgetReadings(): void {
  kept.clear();
}

function keep(path: string, body: unknown, etag: string): void {
  kept.delete(path);
  kept.set(path, { body, etag });
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
}
