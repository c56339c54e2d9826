import type { StationClass } from './api'

/** In the order in which they are offered. */
export const CLASSES = ['river', 'reservoir', 'rain', 'gate', 'pump', 'tide', 'soil', 'groundwater', 'quality', 'intake', 'outlet', 'mine', 'chemical', 'tailings', 'fireworks', 'slope', 'weather', 'other'] as const satisfies StationClass[]
