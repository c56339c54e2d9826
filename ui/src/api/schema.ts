import type { components } from './schema.d'

/**
 * What the server sends and takes, generated from its own description by `npm run
 * api`. Slices name their types from here; nobody types them twice.
 */
export type Schema = components['schemas']
