// What can be done to a household or a person of the register, as data: what is asked, and where the answers go. One
// form shows them all, so that a new kind of change is an entry in acts.ts.

import type { Member, RegisterValue } from '../../api/types';
import type { Kind } from '../../register';

export type AskKind =
  | 'field' // a field of the register, drawn by its type
  | 'choice' // one of a few words
  | 'member' // one of the household's members
  | 'movers' // several members, each with the relation he will have
  | 'household' // another household, found by somebody who lives there
  | 'village';

export interface Mover {
  person: string;
  relation: string;
}

export type Given = RegisterValue | Mover[];

export interface Ask {
  name: string; // key in the answers
  kind: AskKind;
  label: string;
  of?: Kind; // of a field
  field?: string; // its id, where the key is another
  choices?: { code: string; label: string }[];
  now?: Given;
  required?: boolean;
}

export interface Act {
  id: string;
  title: string;
  hint?: string;
  asks: Ask[];
  day: boolean; // whether the day on which it happened is asked
  corrects?: boolean; // whether it can be said that the old value was wrong all along
  method: 'POST' | 'PUT' | 'PATCH';
  path: string;
  version?: number; // what the change is based on
  /** The request's body; `why` holds day and reason. */
  body: (given: Record<string, Given>, changed: Record<string, RegisterValue>, why: Why) => object;
}

export interface Why {
  day?: string;
  reason: string;
  correct?: boolean;
}

export interface ActSubject {
  household: string;
  version: number;
  values: Record<string, RegisterValue>;
  members: Member[];
}

/** Only what differs from what stood there; nothing typed means unknown. */
export function changedOf(asks: Ask[], given: Record<string, Given>): Record<string, RegisterValue> {
  const out: Record<string, RegisterValue> = {};
  for (const ask of asks) {
    if (ask.kind !== 'field') continue;
    const value = (given[ask.name] ?? null) as RegisterValue;
    const now = (ask.now ?? null) as RegisterValue;
    if (value !== now && !(value === '' && now === null)) out[ask.field ?? ask.name] = value === '' ? null : value;
  }
  return out;
}
