import { inject, provide, type InjectionKey, type Ref } from 'vue'
import { now } from './clock'

const MOMENT: InjectionKey<Readonly<Ref<number>>> = Symbol('moment')

/** Sets the moment that everything below the calling component is shown as of, in ms. */
export function provideMoment(moment: Readonly<Ref<number>>): void {
  provide(MOMENT, moment)
}

/** The moment that ages are counted to: the world's clock, unless a view shows the past. */
export const useMoment = (): Readonly<Ref<number>> => inject(MOMENT, now)
