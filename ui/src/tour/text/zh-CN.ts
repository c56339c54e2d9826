/** The guided tour of the demonstration. */
export default {
  tour: {
    title: '演示导览',
    key: '演示导览：打开或离开',
    at: '第 {at} 步，共 {of} 步',
    back: '上一步',
    next: '下一步',
    end: '结束',
    leave: '离开导览',
    go: '去看',
    unknown: '暂时没有取到数据',
    step: {
      duty: { title: '值班台', text: '夜班从这里开始：谁的事、多久没办，一眼看清；同事二十秒后会替您办。' },
      station: { title: '测站', text: '雨后涨水，读数按规约从端口进来，过线即成为发现。' },
      warning: { title: '预警', text: '发现提出预警，两人把关后发布；每一环都查得到依据。' },
      incident: { title: '事件', text: '发布的预警立为事件，任务派到人，限时接受、办结报告。' },
      sources: { title: '数据来源', text: '测站、网关、煤矿文件各走各的门；收到多少、拒收多少都在这里。' },
      map: { title: '一张图', text: '站点、企业、预警落在同一张图上，时间可以往回拉。' },
    },
    now: {
      duty: { there: '现在已有 {count} 条风险通知。', yet: '现在还没有风险通知，演示开始后一分钟左右会有。' },
      station: { there: '{name}现在 {value} m。', yet: '这个站还没有报来水位。' },
      warning: { issued: '已发布：{title}。', there: '还没有发布：{title}。', yet: '现在还没有预警。' },
      incident: { there: '{number} {title}。', yet: '还没有立事件：预警发布以后才有。' },
      sources: { there: '看每个来源多久没有消息，比看一个数更要紧。' },
      map: { there: '现在有 {count} 条预警生效。', yet: '现在还没有预警生效。' },
    },
  },
}
