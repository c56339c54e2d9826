import type { RouteRecordRaw } from 'vue-router'

export const respondRoutes: RouteRecordRaw[] = []
