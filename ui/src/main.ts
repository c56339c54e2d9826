import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { setWorld } from './api/client'
import { watchPresence } from './api/presence'
import App from './app/App.vue'
import { applyPreferences, language } from './app/preferences'
import { followSession, router } from './app/router'
import { worldName } from './app/world/name'
import { i18n, speak } from './text'
import './theme/base.css'

setWorld(worldName)
watchPresence(window)
applyPreferences()
const app = createApp(App)
app.use(createPinia())
app.use(i18n)
app.use(router)
followSession()
// Without words there is nothing to show; a page without its own shows the keys.
void speak(language.value).finally(() => app.mount('#app'))
