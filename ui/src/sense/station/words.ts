import { useI18n } from 'vue-i18n'
import type { Sensor } from './api'

/** The words of quantities in the present language; the server's own when we have none. */
export function useWords() {
  const { t, te } = useI18n()
  return {
    quantityWord: (sensor: Pick<Sensor, 'quantity' | 'word'>): string =>
      te(`sense.quantity.${sensor.quantity}`) ? t(`sense.quantity.${sensor.quantity}`) : sensor.word,
  }
}
