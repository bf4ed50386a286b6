// The changes of the register, each with what it asks: fields, income, status, members who come, leave, move or part.

import { useI18n } from 'vue-i18n';
import type { Member, RegisterValue } from '../../api/types';
import { useRegister, type Kind } from '../../register';
import type { Act, ActSubject, Ask, Mover, Why } from './act';

const IDENTITY = ['name', 'sex', 'birth', 'id_kind', 'id_number'];
const ARRIVAL_FIELDS = ['name', 'sex', 'birth', 'relation', 'ethnicity', 'id_kind', 'id_number', 'schooling', 'education', 'labour', 'disabled', 'chronic', 'serious_illness', 'phone'];

export function useActs() {
  const { t } = useI18n();
  const { fields, codesOf } = useRegister();

  function entered(kind: Kind, skip: string[] = []): string[] {
    return (fields.value?.[kind] ?? []).filter((field) => field.writing === 'entered' && !field.private && !skip.includes(field.id)).map((field) => field.id);
  }

  function fieldAsks(kind: Kind, ids: string[], values: Record<string, RegisterValue>, required: string[] = []): Ask[] {
    return ids.map((id) => {
      const field = fields.value?.[kind].find((one) => one.id === id);
      return { name: id, kind: 'field', of: kind, label: field?.label ?? id, now: field?.private ? null : (values[id] ?? null), required: required.includes(id) };
    });
  }

  const nextHead = (subject: ActSubject, leaving?: string): Ask[] => {
    const others = subject.members.filter((one) => one.id !== leaving);
    const is_head = !leaving || subject.members.find((one) => one.id === leaving)?.values.relation === 'head';
    return is_head && others.length > 0 ? [{ name: 'next_head', kind: 'member', label: t('act_register.next_head'), required: false }] : [];
  };
  const changeBody = (_given: object, changed: Record<string, RegisterValue>, why: Why): object => ({ values: changed, ...why });
  const relation = (name: string, label: string): Ask => ({ name, kind: 'choice', label, choices: codesOf('person', 'relation'), required: true });

  function householdActs(subject: ActSubject): Act[] {
    const at = `/api/v1/households/${subject.household}`;
    const edit = { day: true, method: 'POST' as const, version: subject.version };
    const act = (id: string, rest: Omit<Act, 'id' | 'title'>): Act => ({ id, title: t(`act_register.${id}`), ...rest });
    return [
      act('change_household', { ...edit, method: 'PATCH', path: at, corrects: true, asks: fieldAsks('household', entered('household', ['code', 'helper', 'helper_unit']), subject.values), body: changeBody }),
      act('arrival', {
        day: true, method: 'POST', path: `${at}/members`,
        asks: [
          { name: 'arrival', kind: 'choice', label: t('act_register.how'), required: true, choices: ['born', 'married_in', 'moved_in'].map((code) => ({ code, label: t(`happening.${code}`) })) },
          ...fieldAsks('person', ARRIVAL_FIELDS, {}, ['name', 'relation']),
        ],
        body: (given, changed, why) => ({ arrival: given.arrival, values: changed, day: why.day, reason: why.reason }),
      }),
      act('status', { ...edit, path: `${at}/status`, asks: [{ name: 'to', kind: 'choice', label: t('households.status'), choices: codesOf('household', 'status'), now: subject.values.status, required: true }], body: (given, _c, why) => ({ to: given.to, day: why.day, reason: why.reason }) }),
      act('monitoring', { ...edit, path: `${at}/monitoring`, asks: [{ name: 'to', kind: 'choice', label: t('households.monitoring'), choices: codesOf('household', 'monitoring'), now: subject.values.monitoring, required: true }], body: (given, _c, why) => ({ to: given.to, day: why.day, reason: why.reason }) }),
      act('helper', { ...edit, path: `${at}/helper`, asks: fieldAsks('household', ['helper', 'helper_unit'], subject.values), body: (given, _c, why) => ({ name: given.helper ?? null, unit: given.helper_unit ?? null, day: why.day, reason: why.reason }) }),
      act('relocation', { ...edit, path: `${at}/relocation`, asks: [{ name: 'village', kind: 'village', label: t('households.village'), now: subject.values.village, required: true }], body: (given, _c, why) => ({ village: given.village, day: why.day, reason: why.reason }) }),
      act('head', {
        day: true, method: 'POST', path: `${at}/head`,
        asks: [{ name: 'person', kind: 'member', label: t('act_register.new_head'), required: true }, relation('former_relation', t('act_register.former_relation'))],
        body: (given, _c, why) => ({ person: given.person, former_relation: given.former_relation, day: why.day, reason: why.reason }),
      }),
      act('split', {
        day: true, method: 'POST', path: `${at}/split`, hint: t('act_register.split_hint'),
        asks: [{ name: 'moving', kind: 'movers', label: t('act_register.movers'), required: true }, ...nextHead(subject)],
        body: (given, _c, why) => ({ moving: given.moving as Mover[], next_head: given.next_head || null, day: why.day, reason: why.reason }),
      }),
      act('merge', {
        day: true, method: 'POST', path: `${at}/merger`, hint: t('act_register.merge_hint'),
        asks: [{ name: 'into', kind: 'household', label: t('act_register.into'), required: true }, { name: 'moving', kind: 'movers', label: t('act_register.movers'), required: true, now: subject.members.map((one) => ({ person: one.id, relation: '' })) }],
        body: (given, _c, why) => ({ into: given.into, moving: given.moving as Mover[], day: why.day, reason: why.reason }),
      }),
    ];
  }

  function incomeAct(subject: ActSubject, incomes: { version: number; values: Record<string, RegisterValue> }[], year: number): Act {
    const stored = incomes.find((one) => one.values.year === year);
    const asks = fieldAsks('income', entered('income'), stored?.values ?? { year, basis: 'net' });
    return {
      id: 'income', title: t('act_register.income'), day: false, method: 'PUT', path: `/api/v1/households/${subject.household}/incomes`, asks,
      body: (given, _c, why) => ({ values: Object.fromEntries(asks.map((ask) => [ask.name, given[ask.name] ?? null])), version: stored?.version ?? 0, reason: why.reason }),
    };
  }

  function personActs(subject: ActSubject, member: Member): Act[] {
    const at = `/api/v1/people/${member.id}`;
    const act = (id: string, rest: Omit<Act, 'id' | 'title'>): Act => ({ id, title: t(`act_register.${id}`), ...rest });
    return [
      act('change_person', { day: true, method: 'PATCH', path: at, version: member.version, corrects: true, asks: fieldAsks('person', [...entered('person', [...IDENTITY, 'code']), 'phone'], member.values), body: changeBody }),
      act('departure', {
        day: true, method: 'POST', path: `${at}/departure`,
        asks: [
          { name: 'departure', kind: 'choice', label: t('act_register.how'), required: true, choices: ['died', 'married_out', 'moved_out'].map((code) => ({ code, label: t(`happening.${code}`) })) },
          ...nextHead(subject, member.id),
        ],
        body: (given, _c, why) => ({ departure: given.departure, next_head: given.next_head || null, day: why.day, reason: why.reason }),
      }),
      act('move', {
        day: true, method: 'POST', path: `${at}/move`,
        asks: [{ name: 'household', kind: 'household', label: t('act_register.into'), required: true }, relation('relation', t('person.relation')), ...nextHead(subject, member.id)],
        body: (given, _c, why) => ({ household: given.household, relation: given.relation, next_head: given.next_head || null, day: why.day, reason: why.reason }),
      }),
      act('identity', {
        day: false, method: 'POST', path: `${at}/identity-corrections`, version: member.version, hint: t('act_register.identity_hint'),
        asks: fieldAsks('person', IDENTITY, member.values),
        body: (_given, changed, why) => ({ values: changed, reason: why.reason }),
      }),
    ];
  }

  return { householdActs, personActs, incomeAct };
}
