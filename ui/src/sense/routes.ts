import type { RouteRecordRaw } from 'vue-router'

export const senseRoutes: RouteRecordRaw[] = []
