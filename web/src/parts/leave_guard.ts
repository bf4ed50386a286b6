// Asks before a page is left with something on it that is kept nowhere else.

import { onScopeDispose } from 'vue';
import { useI18n } from 'vue-i18n';
import { onBeforeRouteLeave } from 'vue-router';

export function useLeaveGuard(loses: () => boolean): { mayLeave: () => boolean } {
  const { t } = useI18n();
  const mayLeave = (): boolean => !loses() || window.confirm(t('frame.leave_unsaved'));
  const onUnload = (event: BeforeUnloadEvent): void => {
    if (loses()) event.preventDefault();
  };
  window.addEventListener('beforeunload', onUnload);
  onScopeDispose(() => window.removeEventListener('beforeunload', onUnload));
  onBeforeRouteLeave(mayLeave);
  return { mayLeave };
}
