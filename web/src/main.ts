import { createApp } from 'vue';
import { watchVisibility } from './api/events';
import App from './app.vue';
import { router } from './router';
import { me } from './session';
import './styles/base.css';
import { i18n, keptLanguage, speak } from './words';

void speak(keptLanguage()).finally(() => {
  watchVisibility(() => me.value !== null && !me.value.must_change_password);
  createApp(App).use(i18n).use(router).mount('#app');
});
