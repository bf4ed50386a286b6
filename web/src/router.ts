import { createRouter, createWebHistory } from 'vue-router';
import { followArea, narrowed } from './area';
import { loadMe, me } from './session';

declare module 'vue-router' {
  interface RouteMeta {
    open?: boolean; // reachable without a session
    title?: string; // key of the words that name the page
    wide?: boolean; // uses the whole window
    area?: boolean; // can be narrowed to a place by ?area=
  }
}

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
  routes: [
    { path: '/', redirect: '/today' },
    { path: '/login', component: () => import('./pages/login.vue'), meta: { open: true, title: 'login.title' } },
    { path: '/password', component: () => import('./pages/password.vue'), meta: { title: 'password.title' } },
    { path: '/today', component: () => import('./pages/today.vue'), meta: { title: 'nav.today' } },
    { path: '/plan', component: () => import('./pages/board.vue'), meta: { title: 'nav.plan' } },
    { path: '/plans', component: () => import('./pages/plans.vue'), meta: { title: 'plans.title' } },
    { path: '/plans/:plan', component: () => import('./pages/board.vue'), props: true, meta: { title: 'nav.plan' } },
    { path: '/plans/:plan/tasks/:no', component: () => import('./pages/task.vue'), props: true, meta: { title: 'nav.plan' } },
    { path: '/plans/:plan/document', component: () => import('./pages/document.vue'), props: true, meta: { title: 'document.title' } },
    { path: '/measures/:measure', component: () => import('./pages/measure.vue'), props: true, meta: { title: 'measure.title' } },
    { path: '/imports', component: () => import('./pages/imports.vue'), meta: { title: 'nav.imports' } },
    { path: '/imports/:import_id', component: () => import('./pages/review.vue'), props: true, meta: { title: 'review.title', wide: true } },
    { path: '/households', component: () => import('./pages/households.vue'), meta: { title: 'nav.households', area: true } },
    { path: '/register', component: () => import('./pages/register.vue'), meta: { title: 'registering.title' } },
    { path: '/households/:household', component: () => import('./pages/household.vue'), props: true, meta: { title: 'nav.households' } },
    { path: '/ledgers', component: () => import('./pages/ledgers.vue'), meta: { title: 'nav.ledgers' } },
    { path: '/ledgers/:ledger', component: () => import('./pages/ledger.vue'), props: true, meta: { title: 'nav.ledgers', wide: true, area: true } },
    { path: '/ledgers/:ledger/deliveries', component: () => import('./pages/deliveries.vue'), props: true, meta: { title: 'deliveries.title', area: true } },
    { path: '/ledger-imports', component: () => import('./pages/ledger_imports.vue'), meta: { title: 'ledgers.imports' } },
    { path: '/ledger-imports/:import_id', component: () => import('./pages/ledger_import.vue'), props: true, meta: { title: 'ledgers.imports' } },
    { path: '/rosters', component: () => import('./pages/rosters.vue'), meta: { title: 'nav.rosters' } },
    { path: '/rosters/:roster', component: () => import('./pages/roster.vue'), props: true, meta: { title: 'nav.rosters' } },
    { path: '/roster-pairs', component: () => import('./pages/pair_review.vue'), meta: { title: 'pairs.title' } },
    { path: '/discrepancies', component: () => import('./pages/discrepancies.vue'), meta: { title: 'discrepancies.title' } },
    { path: '/comparisons', component: () => import('./pages/comparison.vue'), meta: { title: 'comparisons.title' } },
    { path: '/policy', component: () => import('./pages/policy.vue'), meta: { title: 'nav.policy' } },
    { path: '/burden', component: () => import('./pages/burden.vue'), meta: { title: 'nav.burden' } },
    { path: '/findings', component: () => import('./pages/findings.vue'), meta: { title: 'nav.findings', area: true } },
    { path: '/goals', component: () => import('./pages/goals.vue'), meta: { title: 'nav.goals' } },
    { path: '/what-if', component: () => import('./pages/whatif.vue'), meta: { title: 'nav.whatif' } },
    { path: '/workbench', component: () => import('./pages/workbench.vue'), meta: { title: 'nav.workbench' } },
    { path: '/units', component: () => import('./pages/units.vue'), meta: { title: 'nav.units' } },
    { path: '/units/:unit', component: () => import('./pages/workbench.vue'), props: true, meta: { title: 'nav.workbench' } },
    { path: '/users', component: () => import('./pages/users.vue'), meta: { title: 'nav.users' } },
    { path: '/journal', component: () => import('./pages/journal.vue'), meta: { title: 'nav.journal' } },
    { path: '/settings', component: () => import('./pages/settings.vue'), meta: { title: 'nav.me' } },
    { path: '/:rest(.*)*', component: () => import('./pages/missing.vue'), meta: { title: 'missing.title' } },
  ],
});

// A new page is announced and read from its beginning, wherever the old one's focus was.
router.afterEach((to, from) => {
  if (from.matched.length === 0 || to.path === from.path) return;
  setTimeout(() => {
    if (document.activeElement === document.body) document.getElementById('content')?.focus({ preventScroll: true });
  });
});

followArea(router);

let asked = false;

router.beforeEach(async (to, from) => {
  if (!asked) {
    try {
      await loadMe();
      asked = true;
    } catch {
      // The server did not answer. The page says so itself and can be tried again.
      return to.meta.open ? true : { path: '/login', query: { to: to.fullPath } };
    }
  }
  if (to.meta.open) return me.value && !me.value.must_change_password ? '/today' : true;
  if (!me.value) return { path: '/login', query: to.fullPath === '/today' ? {} : { to: to.fullPath } };
  if (me.value.must_change_password && to.path !== '/password') return '/password';
  return narrowed(to, from) ?? true;
});
