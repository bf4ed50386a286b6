// The part of the district that somebody works on: chosen once, kept while the window is open, carried into every page
// that can be narrowed to a place. What a page shows stands in its address; this is only what a fresh visit begins with.

import { ref } from 'vue';
import type { LocationQueryRaw, RouteLocationNormalized, Router } from 'vue-router';

const KEPT_AS = 'yihu.area';

export const chosen_area = ref(sessionStorage.getItem(KEPT_AS) ?? '');

function keep(area: string): void {
  chosen_area.value = area;
  sessionStorage.setItem(KEPT_AS, area);
}

function areaIn(route: RouteLocationNormalized): string {
  return typeof route.query.area === 'string' ? route.query.area : '';
}

/** @returns where a visit to `to` leads when a place was chosen before; nothing when it leads there as it is */
export function narrowed(to: RouteLocationNormalized, from: RouteLocationNormalized): { path: string; query: LocationQueryRaw } | null {
  if (!to.meta.area || to.path === from.path || areaIn(to) || !chosen_area.value) return null;
  return { path: to.path, query: { ...to.query, area: chosen_area.value } };
}

/** A page's own choice of place is remembered too. */
export function followArea(router: Router): void {
  router.afterEach((to) => {
    if (to.meta.area) keep(areaIn(to));
  });
}

export async function chooseArea(router: Router, area: string): Promise<void> {
  keep(area);
  const here = router.currentRoute.value;
  if (here.meta.area) await router.replace({ path: here.path, query: { ...here.query, area: area || undefined } });
}

export function forgetArea(): void {
  keep('');
}
