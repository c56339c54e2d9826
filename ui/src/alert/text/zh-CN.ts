export default {
  warning: {
    layer: '生效预警',
    noneInForce: '无生效预警',
    open: '打开',
  },
}
