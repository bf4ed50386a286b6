// The interface's language: Chinese is there at once, English is fetched when somebody asks for it.

import { createI18n } from 'vue-i18n';
import { useIdentity } from '../api/client';
import zh, { type Words } from './zh';

export type Language = 'zh-CN' | 'en';

const KEPT_AS = 'yihu.language';

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN' as Language,
  fallbackLocale: false,
  messages: { 'zh-CN': zh } as Record<Language, Words>,
});

export function keptLanguage(): Language {
  try {
    return localStorage.getItem(KEPT_AS) === 'en' ? 'en' : 'zh-CN';
  } catch {
    return 'zh-CN'; // a browser that keeps nothing still works
  }
}

export async function speak(language: Language): Promise<void> {
  if (language === 'en' && !i18n.global.availableLocales.includes('en')) {
    i18n.global.setLocaleMessage('en', (await import('./en')).default);
  }
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
  useIdentity({ language });
  try {
    localStorage.setItem(KEPT_AS, language);
  } catch {
    // not kept: the next visit starts in Chinese
  }
}
