// The changes of the register, each with what it asks: fields, income, status, members who come, leave, move or part.

import { useI18n } from 'vue-i18n';
import type { Member, RegisterFields, RegisterValue } from '../../api/types';
import { useRegister, type Kind } from '../../register';
import type { Act, ActSubject, Ask, Mover, Why } from './act';

const IDENTITY = ['name', 'sex', 'birth', 'id_kind', 'id_number'];
const ARRIVAL_FIELDS = ['name', 'sex', 'birth', 'relation', 'ethnicity', 'id_kind', 'id_number', 'schooling', 'education', 'labour', 'disabled', 'chronic', 'serious_illness', 'phone'];

type Translate = (key: string, named?: Record<string, unknown>) => string;

/** What the acts are made of: words, the register's fields and its codes. */
class ActMaker {
  private readonly t: Translate;
  private readonly fields: () => RegisterFields | null;
  private readonly codesOf: (kind: Kind, id: string) => { code: string; label: string }[];

  constructor(t: Translate, fields: () => RegisterFields | null, codesOf: (kind: Kind, id: string) => { code: string; label: string }[]) {
    this.t = t;
    this.fields = fields;
    this.codesOf = codesOf;
  }

  ofHousehold(subject: ActSubject): Act[] {
    const at = `/api/v1/households/${subject.household}`;
    const edit = { day: true, method: 'POST' as const, version: subject.version };
    const to = (id: 'status' | 'monitoring'): Act =>
      this.act(id, { ...edit, path: `${at}/${id}`, asks: [this.choice('to', this.t(`households.${id}`), this.codesOf('household', id), subject.values[id])], body: (given, _changed, why) => ({ to: given.to, ...why }) });
    return [
      this.act('change_household', { ...edit, method: 'PATCH', path: at, corrects: true, asks: this.fieldAsks('household', this.entered('household', ['code', 'helper', 'helper_unit']), subject.values), body: fieldsBody }),
      this.arrival(at),
      to('status'),
      to('monitoring'),
      this.act('helper', { ...edit, path: `${at}/helper`, asks: this.fieldAsks('household', ['helper', 'helper_unit'], subject.values), body: (given, _changed, why) => ({ name: given.helper ?? null, unit: given.helper_unit ?? null, ...why }) }),
      this.act('relocation', { ...edit, path: `${at}/relocation`, asks: [{ name: 'village', kind: 'village', label: this.t('households.village'), now: subject.values.village, required: true }], body: (given, _changed, why) => ({ village: given.village, ...why }) }),
      ...this.partings(at, subject),
    ];
  }

  ofPerson(subject: ActSubject, member: Member): Act[] {
    const at = `/api/v1/people/${member.id}`;
    const heads = this.nextHead(subject, member.id);
    return [
      this.act('change_person', { day: true, method: 'PATCH', path: at, version: member.version, corrects: true, asks: this.fieldAsks('person', [...this.entered('person', [...IDENTITY, 'code']), 'phone'], member.values), body: fieldsBody }),
      this.act('departure', { day: true, method: 'POST', path: `${at}/departure`, asks: [this.happening('departure', ['died', 'married_out', 'moved_out']), ...heads], body: (given, _changed, why) => ({ departure: given.departure, next_head: given.next_head || null, ...why }) }),
      this.act('move', {
        day: true, method: 'POST', path: `${at}/move`,
        asks: [this.otherHousehold('household'), this.relation('relation', this.t('person.relation')), ...heads],
        body: (given, _changed, why) => ({ household: given.household, relation: given.relation, next_head: given.next_head || null, ...why }),
      }),
      this.act('identity', { day: false, method: 'POST', path: `${at}/identity-corrections`, version: member.version, hint: this.t('act_register.identity_hint'), asks: this.fieldAsks('person', IDENTITY, member.values), body: fieldsBody }),
    ];
  }

  ofIncome(subject: ActSubject, incomes: { version: number; values: Record<string, RegisterValue> }[], year: number): Act {
    const stored = incomes.find((one) => one.values.year === year);
    const asks = this.fieldAsks('income', this.entered('income'), stored?.values ?? { year, basis: 'net' });
    const body: Act['body'] = (given, _changed, why) => ({ values: Object.fromEntries(asks.map((ask) => [ask.name, given[ask.name] ?? null])), version: stored?.version ?? 0, ...why });
    return { id: `income-${year}`, title: this.t('act_register.income_of', { year }), day: false, method: 'PUT', path: `/api/v1/households/${subject.household}/incomes`, asks, body };
  }

  private arrival(at: string): Act {
    return this.act('arrival', {
      day: true, method: 'POST', path: `${at}/members`,
      asks: [this.happening('arrival', ['born', 'married_in', 'moved_in']), ...this.fieldAsks('person', ARRIVAL_FIELDS, {}, ['name', 'relation'])],
      body: (given, changed, why) => ({ arrival: given.arrival, values: changed, ...why }),
    });
  }

  /** Another head, some who leave together, all who join others. */
  private partings(at: string, subject: ActSubject): Act[] {
    const movers: Ask = { name: 'moving', kind: 'movers', label: this.t('act_register.movers'), required: true };
    return [
      this.act('head', {
        day: true, method: 'POST', path: `${at}/head`,
        asks: [{ name: 'person', kind: 'member', label: this.t('act_register.new_head'), required: true }, this.relation('former_relation', this.t('act_register.former_relation'))],
        body: (given, _changed, why) => ({ person: given.person, former_relation: given.former_relation, ...why }),
      }),
      this.act('split', {
        day: true, method: 'POST', path: `${at}/split`, hint: this.t('act_register.split_hint'), asks: [movers, ...this.nextHead(subject)],
        body: (given, _changed, why) => ({ moving: given.moving as Mover[], next_head: given.next_head || null, ...why }),
      }),
      this.act('merge', {
        day: true, method: 'POST', path: `${at}/merger`, hint: this.t('act_register.merge_hint'),
        asks: [this.otherHousehold('into'), { ...movers, now: subject.members.map((one) => ({ person: one.id, relation: '' })) }],
        body: (given, _changed, why) => ({ into: given.into, moving: given.moving as Mover[], ...why }),
      }),
    ];
  }

  private act(id: string, rest: Omit<Act, 'id' | 'title'>): Act {
    return { id, title: this.t(`act_register.${id}`), ...rest };
  }

  private entered(kind: Kind, skip: string[] = []): string[] {
    return (this.fields()?.[kind] ?? []).filter((field) => field.writing === 'entered' && !field.private && !skip.includes(field.id)).map((field) => field.id);
  }

  private fieldAsks(kind: Kind, ids: string[], values: Record<string, RegisterValue>, required: string[] = []): Ask[] {
    return ids.map((id) => {
      const field = this.fields()?.[kind].find((one) => one.id === id);
      return { name: id, kind: 'field', of: kind, label: field?.label ?? id, now: field?.private ? null : (values[id] ?? null), required: required.includes(id) };
    });
  }

  private choice(name: string, label: string, choices: { code: string; label: string }[], now?: RegisterValue): Ask {
    return { name, kind: 'choice', label, choices, now: now ?? null, required: true };
  }

  private happening(name: string, codes: string[]): Ask {
    return this.choice(name, this.t('act_register.how'), codes.map((code) => ({ code, label: this.t(`happening.${code}`) })));
  }

  private relation(name: string, label: string): Ask {
    return this.choice(name, label, this.codesOf('person', 'relation'));
  }

  private otherHousehold(name: string): Ask {
    return { name, kind: 'household', label: this.t('act_register.into'), required: true };
  }

  private nextHead(subject: ActSubject, leaving?: string): Ask[] {
    const others = subject.members.filter((one) => one.id !== leaving);
    const is_head = !leaving || subject.members.find((one) => one.id === leaving)?.values.relation === 'head';
    return is_head && others.length > 0 ? [{ name: 'next_head', kind: 'member', label: this.t('act_register.next_head'), required: false }] : [];
  }
}

function fieldsBody(_given: object, changed: Record<string, RegisterValue>, why: Why): object {
  return { values: changed, ...why };
}

export function useActs() {
  const { t } = useI18n();
  const { fields, codesOf } = useRegister();
  return new ActMaker((key, named) => t(key, named ?? {}), () => fields.value, codesOf);
}
