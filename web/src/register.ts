// What the register's fields, codes and areas are called, read once and kept: pages show values by them.

import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useReading } from './api/reading';
import type { AreaRow, Page, RegisterFields, RegisterValue } from './api/types';
import { useDays } from './days';

export type Kind = 'household' | 'person' | 'income';

const FEN_PER_YUAN = 100;

export function useRegister() {
  const { t } = useI18n();
  const { dayText, numberText } = useDays();
  const fields = useReading<RegisterFields>(() => '/api/v1/register/fields', () => false);
  const areas = useReading<Page<AreaRow>>(() => '/api/v1/areas', (subject) => subject.startsWith('area:'));
  const by_code = computed(() => new Map((areas.data.value?.items ?? []).map((area) => [area.code, area])));

  function fieldOf(kind: Kind, id: string) {
    return fields.data.value?.[kind].find((field) => field.id === id);
  }

  function labelOf(kind: Kind, id: string): string {
    return fieldOf(kind, id)?.label ?? id;
  }

  function codesOf(kind: Kind, id: string): { code: string; label: string }[] {
    return fieldOf(kind, id)?.codes ?? [];
  }

  function areaName(code: unknown): string {
    return by_code.value.get(String(code))?.name ?? '';
  }

  function moneyText(fen: number): string {
    return numberText(fen / FEN_PER_YUAN);
  }

  /** Unknown is said, not left empty. */
  function valueText(kind: Kind, id: string, value: RegisterValue | undefined): string {
    if (value === null || value === undefined || value === '') return t('register.unknown');
    const field = fieldOf(kind, id);
    switch (field?.type) {
      case 'code':
        return field.codes.find((code) => code.code === value)?.label ?? String(value);
      case 'bool':
        return value === true || value === 1 ? t('list.yes') : t('list.no');
      case 'date':
        return dayText(String(value));
      case 'area':
        return areaName(value);
      case 'money':
        return moneyText(Number(value));
      default:
        return String(value);
    }
  }

  return { fields: fields.data, areas: areas.data, fieldOf, labelOf, codesOf, areaName, valueText, moneyText };
}

/** Whole years from birth to `day`; nothing when the birth is unknown. */
export function ageOn(birth: unknown, day: string): number | null {
  if (typeof birth !== 'string' || birth === '') return null;
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  return day.slice(5) < birth.slice(5) ? years - 1 : years;
}
