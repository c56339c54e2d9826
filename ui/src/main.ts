import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { setWorld } from './api/client'
import { watchPresence } from './api/presence'
import App from './app/App.vue'
import { applyPreferences } from './app/preferences'
import { followSession, router } from './app/router'
import { worldName } from './app/world/name'
import { i18n } from './text'
import './theme/base.css'

setWorld(worldName)
watchPresence(window)
applyPreferences()
const app = createApp(App)
app.use(createPinia())
app.use(i18n)
app.use(router)
followSession()
app.mount('#app')
