// Who is signed in, and what they may do.

import { computed, ref } from 'vue';
import { line, read, renewal, useIdentity, write } from './api/client';
import { startEvents, stopEvents } from './api/events';
import { Problem } from './api/problem';
import { forgetReadings } from './api/reading';
import type { Me, Permission, Unit } from './api/types';

export const me = ref<Me | null>(null);
export const plan_id = computed(() => me.value?.plan?.id ?? '');
export const today = computed(() => me.value?.today ?? '');

export function may(permission: Permission): boolean {
  return me.value?.permissions.includes(permission) ?? false;
}

/** A workbench is open to the whole district's posts and to the unit's own people. */
export function mayOpen(unit: Unit): boolean {
  return me.value !== null && (me.value.district || me.value.posts.some((post) => post.unit.id === unit.id));
}

/**
 * Whether a report on it could be ours: an owner's own people, or the office that keeps the plan. The server decides;
 * this only spares people a button that would refuse them.
 */
export function mayReportOn(measure: { lead: Unit[]; responsible: Unit[] }): boolean {
  if (!may('measure_report')) return false;
  if (may('plan_correct')) return measure.lead.length + measure.responsible.length > 0;
  const mine = new Set(me.value?.posts.map((post) => post.unit.id));
  return [...measure.lead, ...measure.responsible].some((unit) => mine.has(unit.id));
}

export function takeMe(answer: Me): void {
  const other_person = me.value?.user.id !== answer.user.id;
  if (other_person) forgetReadings();
  me.value = answer;
  useIdentity({ csrf: answer.csrf_token });
  line.ended = false;
  if (!answer.must_change_password) startEvents();
}

/** Asks the server who we are. Without a session it leaves `me` empty; any other trouble is thrown. */
export async function loadMe(): Promise<void> {
  try {
    takeMe((await read<Me>('/api/v1/session')).body);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'ended') throw error;
    line.ended = false; // nobody was signed in: nothing has ended
    me.value = null;
  }
}

renewal.ask = loadMe;

export async function signIn(name: string, password: string, code: string): Promise<void> {
  const answer = await write<Me>('POST', '/api/v1/session', code ? { name, password, code } : { name, password });
  takeMe(answer.body);
}

export async function signOut(): Promise<void> {
  stopEvents();
  try {
    await write('DELETE', '/api/v1/session');
  } finally {
    forget();
  }
}

export function forget(): void {
  stopEvents();
  forgetReadings();
  me.value = null;
  line.ended = false;
  useIdentity({ csrf: '' });
}
