// The counts beside the entries of the rail: what waits for me.

import { computed } from 'vue';
import { useReading } from './api/reading';
import type { Today } from './api/types';
import { me } from './session';

export function useCounts() {
  const reading = useReading<Today>(() => (me.value ? '/api/v1/today' : ''));
  const today_count = computed(() => reading.data.value?.mine ?? 0);
  const late_count = computed(() => reading.data.value?.late ?? 0);
  const import_count = computed(() => reading.data.value?.items.filter((item) => item.kind === 'import_open').length ?? 0);
  return { today_count, late_count, import_count };
}
