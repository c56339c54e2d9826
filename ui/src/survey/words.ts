import { useI18n } from 'vue-i18n'
import { KINDS } from './site/api'

/** What a field of the registers is called, by its name in the API. */
export function useFieldWords(): (field: string) => string {
  const { t, te } = useI18n()
  return (field) => {
    const keys = [`survey.history.fields.${field}`, ...KINDS.map((kind) => `survey.site.fields.${kind}.${field}`)]
    const key = keys.find((each) => te(each))
    return key ? t(key) : field
  }
}
