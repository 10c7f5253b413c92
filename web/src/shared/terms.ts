// The only translation table of the product: what is said on screen, in Chinese and in English. Names of places come
// from the data and are shown as they are.

import { GEOCODE_TERMS } from './terms_geocode.ts'

export type Language = 'zh' | 'en'

interface Term { readonly zh: string; readonly en: string }

const TERMS = {
  'app.name': { zh: '网格治理一张图', en: 'City grid, one map' },
  'app.wall': { zh: '指挥大屏', en: 'Command wall' },
  'synthetic': { zh: '合成演示数据 Synthetic', en: 'Synthetic demo data 合成' },
  'language.other': { zh: 'English', en: '中文' },
  'fullscreen.enter': { zh: '全屏', en: 'Full screen' },
  'fullscreen.leave': { zh: '退出全屏', en: 'Leave full screen' },

  'connection.connecting': { zh: '正在连接', en: 'Connecting' },
  'connection.live': { zh: '实时', en: 'Live' },
  'connection.lost': { zh: '连接中断', en: 'Disconnected' },
  'age': { zh: '数据 {s} 秒前', en: 'data {s} s old' },
  'age.minutes': { zh: '数据 {m} 分钟前', en: 'data {m} min old' },
  'age.none': { zh: '尚无数据', en: 'no data yet' },

  'today': { zh: '今日', en: 'Today' },
  'today.received': { zh: '受理', en: 'Received' },
  'today.open': { zh: '在办', en: 'Open' },
  'today.closed': { zh: '办结', en: 'Closed' },
  'today.overdue': { zh: '超期', en: 'Overdue' },
  'by_channel': { zh: '今日来源', en: 'Received by channel' },
  'by_level': { zh: '在办层级', en: 'Open by level' },
  'by_category': { zh: '今日事件类别', en: 'Received by category' },
  'hourly': { zh: '24 小时受理', en: 'Received in 24 hours' },
  'hourly.peak': { zh: '峰值 {n} 件 · {h} 时', en: 'peak {n} at {h}:00' },
  'hourly.now': { zh: '现在', en: 'now' },
  'ticker': { zh: '实时事件', en: 'Live incidents' },
  'ticker.empty': { zh: '暂无事件', en: 'No incidents yet' },
  'ticker.no_place': { zh: '位置待核实', en: 'Place to be confirmed' },
  'ticker.privacy': { zh: '矛盾纠纷类只计数，不逐条显示', en: 'Disputes are counted, not listed' },
  'resources': { zh: '网格力量', en: 'On the ground' },
  'resources.workers': { zh: '在岗网格员', en: 'Workers on duty' },
  'resources.grids': { zh: '网格', en: 'Grids' },
  'resources.people': { zh: '服务人口', en: 'People' },
  'unit.people.wan': { zh: '万', en: '' },

  'channel.mini_program': { zh: '小程序', en: 'Mini-program' },
  'channel.app': { zh: 'APP', en: 'App' },
  'channel.hotline': { zh: '12345 热线', en: '12345 hotline' },
  'channel.web': { zh: '网民留言', en: 'Web' },
  'channel.mediation': { zh: '矛调中心', en: 'Mediation' },
  'channel.grid_patrol': { zh: '网格巡查', en: 'Grid patrol' },
  'channel.window': { zh: '接待窗口', en: 'Counter' },
  'channel.import': { zh: '批量导入', en: 'Import' },

  'level.city': { zh: '市', en: 'City' },
  'level.district': { zh: '区县', en: 'District' },
  'level.township': { zh: '街道乡镇', en: 'Township' },
  'level.community': { zh: '社区村', en: 'Community' },
  'level.grid': { zh: '网格', en: 'Grid' },

  'kind.city': { zh: '市', en: 'City' },
  'kind.district': { zh: '区', en: 'District' },
  'kind.county': { zh: '县', en: 'County' },
  'kind.subdistrict': { zh: '街道', en: 'Subdistrict' },
  'kind.town': { zh: '镇', en: 'Town' },
  'kind.township': { zh: '乡', en: 'Township' },
  'kind.community': { zh: '社区', en: 'Community' },
  'kind.village': { zh: '村', en: 'Village' },
  'kind.basic': { zh: '基础网格', en: 'Basic grid' },
  'kind.special': { zh: '专属网格', en: 'Special grid' },

  'action.report': { zh: '上报', en: 'Reported' },
  'action.answer': { zh: '即时答复', en: 'Answered' },
  'action.reject': { zh: '不予立案', en: 'Rejected' },
  'action.appeal': { zh: '申诉', en: 'Appealed' },
  'action.merge_into': { zh: '并案', en: 'Merged' },
  'action.register': { zh: '立案', en: 'Registered' },
  'action.dispatch': { zh: '派遣', en: 'Dispatched' },
  'action.accept': { zh: '签收', en: 'Accepted' },
  'action.send_back': { zh: '退回', en: 'Sent back' },
  'action.start': { zh: '开始处置', en: 'Started' },
  'action.progress': { zh: '进展', en: 'Progress' },
  'action.suspend': { zh: '挂账', en: 'Suspended' },
  'action.resume': { zh: '恢复', en: 'Resumed' },
  'action.extend': { zh: '延期', en: 'Extended' },
  'action.escalate': { zh: '提级上报', en: 'Escalated' },
  'action.send_down': { zh: '下派', en: 'Sent down' },
  'action.reroute': { zh: '改派', en: 'Re-routed' },
  'action.relocate': { zh: '更正网格', en: 'Grid corrected' },
  'action.handle': { zh: '处置反馈', en: 'Handled' },
  'action.close': { zh: '结案', en: 'Closed' },
  'action.rework': { zh: '返工', en: 'Rework' },
  'action.archive': { zh: '归档', en: 'Archived' },
  'action.redo': { zh: '重办', en: 'Redo' },
  'action.reopen': { zh: '重新立案', en: 'Reopened' },
  'action.withdraw': { zh: '撤回', en: 'Withdrawn' },

  'category.01': { zh: '市容秩序', en: 'Street order' },
  'category.02': { zh: '市政设施', en: 'Facilities' },
  'category.03': { zh: '公用事业', en: 'Utilities' },
  'category.04': { zh: '环境卫生', en: 'Sanitation' },
  'category.05': { zh: '矛盾纠纷', en: 'Disputes' },
  'category.06': { zh: '安全隐患', en: 'Hazards' },
  'category.07': { zh: '住房物业', en: 'Housing' },
  'category.09': { zh: '咨询建议', en: 'Enquiries' },
  'category.0101': { zh: '占道经营', en: 'Street vending' },
  'category.0102': { zh: '乱堆物料', en: 'Dumped materials' },
  'category.0103': { zh: '违法建设', en: 'Illegal building' },
  'category.0104': { zh: '户外广告', en: 'Signs' },
  'category.0105': { zh: '车辆乱停', en: 'Parking' },
  'category.0201': { zh: '道路破损', en: 'Broken road' },
  'category.0202': { zh: '路灯故障', en: 'Street light out' },
  'category.0203': { zh: '井盖缺失', en: 'Manhole uncovered' },
  'category.0204': { zh: '道路积水', en: 'Flooded road' },
  'category.0205': { zh: '交通设施', en: 'Traffic signs' },
  'category.0301': { zh: '供水', en: 'Water supply' },
  'category.0302': { zh: '供暖', en: 'Heating' },
  'category.0303': { zh: '供电', en: 'Power supply' },
  'category.0304': { zh: '供气', en: 'Gas supply' },
  'category.0305': { zh: '通信线缆', en: 'Cables' },
  'category.0401': { zh: '垃圾清运', en: 'Waste collection' },
  'category.0402': { zh: '噪声扰民', en: 'Noise' },
  'category.0403': { zh: '扬尘污染', en: 'Dust' },
  'category.0404': { zh: '油烟异味', en: 'Fumes' },
  'category.0405': { zh: '园林绿化', en: 'Greenery' },
  'category.0501': { zh: '邻里纠纷', en: 'Neighbour dispute' },
  'category.0502': { zh: '物业纠纷', en: 'Property disputes' },
  'category.0503': { zh: '消费纠纷', en: 'Consumer disputes' },
  'category.0601': { zh: '消防通道占用', en: 'Blocked fire lane' },
  'category.0602': { zh: '燃气隐患', en: 'Gas hazard' },
  'category.0603': { zh: '飞线充电', en: 'Unsafe charging' },
  'category.0604': { zh: '房屋边坡险情', en: 'Slope or building at risk' },
  'category.0701': { zh: '物业服务', en: 'Property service' },
  'category.0702': { zh: '房屋漏水', en: 'Leaks' },
  'category.0703': { zh: '电梯故障', en: 'Lifts' },
  'category.0901': { zh: '咨询', en: 'Enquiry' },
  'category.0902': { zh: '建议', en: 'Suggestion' },
  'mark.01': { zh: '容', en: 'S' },
  'mark.02': { zh: '设', en: 'F' },
  'mark.03': { zh: '供', en: 'U' },
  'mark.04': { zh: '卫', en: 'C' },
  'mark.05': { zh: '纠', en: 'D' },
  'mark.06': { zh: '险', en: 'H' },
  'mark.07': { zh: '住', en: 'R' },
  'mark.09': { zh: '询', en: 'Q' },
  'mark.other': { zh: '其', en: '·' },

  'map.title': { zh: '在办事件', en: 'Open incidents' },
  'map.legend': { zh: '在办事件 · 按{level}', en: 'Open incidents by {level}' },
  'map.legend.none': { zh: '无', en: 'none' },
  'map.legend.areas': { zh: '{n} 个', en: '× {n}' },
  'map.legend.fresh': { zh: '新到事件', en: 'just arrived' },
  'map.back': { zh: '返回上级', en: 'Back' },
  'map.open': { zh: '在办', en: 'open' },
  'map.people': { zh: '人口', en: 'people' },
  'map.children': { zh: '下辖', en: 'contains' },
  'map.failed': { zh: '地图无法显示：此浏览器没有 WebGL 2', en: 'The map cannot be drawn: this browser has no WebGL 2' },
  'map.tiles_failed': { zh: '底图暂不可用，正在重试', en: 'Map tiles unavailable, retrying' },

  'loading': { zh: '正在载入全市态势', en: 'Loading the city' },
  'empty': { zh: '还没有城市数据', en: 'No city yet' },
  'empty.how': { zh: '用 wangge city 或 wangge import 载入区划和网格，画面会自动出现', en: 'Load divisions and grids with wangge city or wangge import; the wall appears by itself' },
  'failed': { zh: '暂时取不到数据', en: 'No data for now' },
  'failed.retry': { zh: '自动重试中', en: 'retrying by itself' },
  'failed.network': { zh: '无法连接服务', en: 'the service cannot be reached' },
  'failed.key': { zh: '此大屏需要只读密钥：在地址后加 #key=wg_…', en: 'This wall needs a read key: add #key=wg_… to the address' },
  'lost.notice': { zh: '连接中断，画面停在 {time}，恢复后自动补齐', en: 'Disconnected. The picture is of {time} and will catch up by itself' },

  'landing.lead': {
    zh: '一个程序，一座城市的网格：地址落到哪格、归谁管、正在发生什么，一次调用即有答案。',
    en: 'One program for a city on its grids: where an address lies, whose it is, what is going on, in one call.',
  },
  'landing.wall': { zh: '打开指挥大屏', en: 'Open the command wall' },
  'landing.wall.note': { zh: '实时事件、逐级下钻、在办热度', en: 'Live incidents, drill-down, open cases by area' },
  'landing.docs': { zh: '接口文档', en: 'API documentation' },
  'landing.docs.note': { zh: '离线可用的接口说明', en: 'The API reference, readable offline' },
  'landing.openapi': { zh: '接口描述', en: 'API description' },
  'landing.openapi.note': { zh: 'OpenAPI 3.1，可直接生成客户端', en: 'OpenAPI 3.1, ready for client generators' },
  'landing.health': { zh: '运行状况', en: 'Health' },
  'landing.health.ok': { zh: '服务正常', en: 'The service is up' },
  'landing.health.down': { zh: '服务没有应答', en: 'The service does not answer' },
  'landing.health.asking': { zh: '正在询问服务', en: 'Asking the service' },
  'locate.title': { zh: '试一试：这个点归哪个网格？', en: 'Try it: whose is this point?' },
  'locate.lng': { zh: '经度', en: 'Longitude' },
  'locate.lat': { zh: '纬度', en: 'Latitude' },
  'locate.crs': { zh: '坐标系', en: 'Coordinate system' },
  'locate.key': { zh: '密钥', en: 'API key' },
  'locate.key.note': { zh: '只用于这一次请求，不会保存', en: 'used for this request, not kept' },
  'locate.ask': { zh: '查询', en: 'Locate' },
  'locate.asking': { zh: '查询中', en: 'Locating' },
  'locate.took': { zh: '{ms} 毫秒', en: '{ms} ms' },
  'locate.outside': { zh: '不在任何网格内，最近的是', en: 'Inside no grid; the nearest is' },
  'locate.number': { zh: '请填写数字', en: 'Enter numbers' },
  ...GEOCODE_TERMS,
} as const satisfies Record<string, Term>

export type TermKey = keyof typeof TERMS

/** Says a term, with `{name}` places filled from `values`. */
export function say(language: Language, key: TermKey, values: Readonly<Record<string, string | number>> = {}): string {
  return TERMS[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** Says a code of the data (`channel`, `level`, …); a code that is not in the table is shown as `otherwise`. */
export function sayCode(language: Language, family: string, code: string, otherwise: string = code): string {
  const key = `${family}.${code}`
  return key in TERMS ? TERMS[key as TermKey][language] : otherwise
}

/** The character that marks a category by its major, so that colour is never the only mark. */
export function categoryMark(language: Language, code: string): string {
  return sayCode(language, 'mark', code.slice(0, 2), TERMS['mark.other'][language])
}

/** A category's name: the data's own in Chinese, the table's in English where it has one. */
export function categoryName(language: Language, code: string, name: string): string {
  return language === 'zh' ? name : sayCode(language, 'category', code, name)
}
