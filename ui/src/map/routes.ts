import type { RouteRecordRaw } from 'vue-router'

export const mapRoutes: RouteRecordRaw[] = []
