import type { RouteRecordRaw } from 'vue-router'

export const alertRoutes: RouteRecordRaw[] = []
