// Live change: the server tells which things changed, pages that show them read again.

import { line } from './client';

type Listener = (subjects: string[] | null) => void; // null: anything may have changed

const HIDDEN_MS_MAX = 30_000;
const listeners = new Set<Listener>();
let source: EventSource | null = null;
let was_lost = false;
let hidden_timer: ReturnType<typeof setTimeout> | undefined;

export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function startEvents(): void {
  if (source || typeof EventSource === 'undefined') return;
  source = new EventSource('/api/v1/events');
  source.addEventListener('change', (event) => {
    const told = JSON.parse((event as MessageEvent<string>).data) as { subjects?: string[] };
    const subjects = told.subjects ?? ['*'];
    // "household:*": one of them, which may or may not be one we see.
    tell(subjects.some((subject) => subject.endsWith('*')) ? null : subjects);
  });
  source.onopen = () => {
    line.offline = false;
    if (was_lost) tell(null);
    was_lost = false;
  };
  source.onerror = () => {
    was_lost = true;
    // A refused stream is not tried again by the browser; the next visible moment tries anew.
    if (source?.readyState === EventSource.CLOSED) {
      source = null;
      if (!line.ended) setTimeout(startEvents, 5000);
    }
  };
}

export function stopEvents(): void {
  source?.close();
  source = null;
}

function tell(subjects: string[] | null): void {
  for (const listener of listeners) listener(subjects);
}

// Browsers allow six connections to one server; a tab nobody looks at gives its own back.
export function watchVisibility(is_signed_in: () => boolean): void {
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hidden_timer);
    if (document.hidden) {
      hidden_timer = setTimeout(() => {
        stopEvents();
        was_lost = true;
      }, HIDDEN_MS_MAX);
    } else if (is_signed_in()) {
      startEvents();
    }
  });
  window.addEventListener('online', () => tell(null));
}
