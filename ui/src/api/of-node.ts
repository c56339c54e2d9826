// Generated from docs/reference/openapi.json by `npm run api`; do not change it by hand.

/** What a path below /api begins with when it is the node's own, in whatever world. */
export const OF_NODE: readonly string[] = ['accounts', 'first-start', 'grants', 'neighbours', 'node', 'organisations', 'permissions', 'roles', 'segments', 'session', 'trail']
