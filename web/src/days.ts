// Days, instants and numbers as people write them, in the language of the interface.

import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { today } from './session';

const OFFICE_ZONE = 'Asia/Shanghai'; // every deadline is reckoned there, wherever the browser stands

export function useDays() {
  const { locale, t } = useI18n();

  const written = computed(() => (locale.value === 'en' ? 'en-GB' : locale.value)); // 22 April, as the server writes it
  const short = computed(() => new Intl.DateTimeFormat(written.value, { month: 'long', day: 'numeric', timeZone: 'UTC' }));
  const full = computed(
    () => new Intl.DateTimeFormat(written.value, { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' }),
  );
  const time = computed(
    () => new Intl.DateTimeFormat(locale.value, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: OFFICE_ZONE }),
  );
  const office_day = new Intl.DateTimeFormat('en-CA', { timeZone: OFFICE_ZONE });
  const plain = computed(() => new Intl.NumberFormat(locale.value, { maximumFractionDigits: 2 }));

  /** Month and day; with the year when it is not this one. */
  function dayText(day: string | null | undefined): string {
    if (!day) return '';
    const date = new Date(`${day}T00:00:00Z`);
    if (Number.isNaN(date.getTime())) return day;
    return day.slice(0, 4) === today.value.slice(0, 4) ? short.value.format(date) : full.value.format(date);
  }

  function instantText(instant: string | null | undefined): string {
    if (!instant) return '';
    const date = new Date(instant);
    if (Number.isNaN(date.getTime())) return instant;
    return `${dayText(office_day.format(date))} ${time.value.format(date)}`;
  }

  /** How many days are left, that it is today, or how many have passed. */
  function daysLeftText(days_left: number): string {
    if (days_left === 0) return t('days.today');
    return days_left > 0 ? t('days.left', { n: days_left }, days_left) : t('days.past', { n: -days_left }, -days_left);
  }

  function numberText(value: number | null | undefined): string {
    return value === null || value === undefined ? '—' : plain.value.format(value);
  }

  function shareText(share: number): string {
    return `${Math.floor(share * 100)}%`;
  }

  function sizeText(bytes: number): string {
    if (bytes < 1024) return `${bytes} B`;
    if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
    return `${plain.value.format(Math.round(bytes / 104857.6) / 10)} MB`;
  }

  return { dayText, instantText, daysLeftText, numberText, shareText, sizeText };
}

/** Days from `from` to `to`, negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
