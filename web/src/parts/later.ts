// A part of a page that is fetched when it is first shown; a line that breaks is waited for.

import { defineAsyncComponent, type Component } from 'vue';

const AGAIN_MS = 1500;
const ATTEMPTS_MAX = 40;

export function later<T extends Component>(loader: () => Promise<{ default: T }>): T {
  return defineAsyncComponent({
    loader: async () => (await loader()).default,
    onError: (_error, retry, fail, attempts) => (attempts < ATTEMPTS_MAX ? setTimeout(retry, AGAIN_MS) : fail()),
  }) as T;
}
