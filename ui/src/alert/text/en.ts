import type { Catalogue } from '@/text/en'
import type zhCN from './zh-CN'

const en: Catalogue<typeof zhCN> = {
  warning: {
    layer: 'Warnings in force',
    noneInForce: 'No warnings in force',
    open: 'Open',
  },
}

export default en
