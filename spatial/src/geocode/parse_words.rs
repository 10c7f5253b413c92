//! The words at which a text is cut into elements.

use super::piece::Piece;

/// Ends of names that are cut off wherever they stand, longest first where one ends another.
pub(super) const ENDS: [(&str, Piece); 49] = [
    ("自治区", Piece::Province),
    ("自治州", Piece::City),
    ("自治县", Piece::District),
    ("自治旗", Piece::District),
    ("经济技术开发区", Piece::Zone),
    ("经济开发区", Piece::Zone),
    ("高新技术开发区", Piece::Zone),
    ("技术开发区", Piece::Zone),
    ("开发区", Piece::Zone),
    ("产业集聚区", Piece::Zone),
    ("高新区", Piece::Zone),
    ("街道办事处", Piece::Township),
    ("街道办", Piece::Township),
    ("街道", Piece::Township),
    ("办事处", Piece::Township),
    ("居民委员会", Piece::Community),
    ("村民委员会", Piece::Community),
    ("社区居委会", Piece::Community),
    ("居委会", Piece::Community),
    ("村委会", Piece::Community),
    ("社区", Piece::Community),
    ("大道", Piece::Road),
    ("大街", Piece::Road),
    ("胡同", Piece::Road),
    ("公路", Piece::Road),
    ("国道", Piece::Road),
    ("省道", Piece::Road),
    ("工业园区", Piece::Poi),
    ("工业园", Piece::Poi),
    ("工业区", Piece::Poi),
    ("小区", Piece::Poi),
    ("新村", Piece::Poi),
    ("商城", Piece::Poi),
    ("市场", Piece::Poi),
    ("广场", Piece::Poi),
    ("大厦", Piece::Poi),
    ("省", Piece::Province),
    ("市", Piece::City),
    ("区", Piece::District),
    ("县", Piece::District),
    ("旗", Piece::District),
    ("镇", Piece::Township),
    ("乡", Piece::Township),
    ("村", Piece::Community),
    ("路", Piece::Road),
    ("街", Piece::Road),
    ("巷", Piece::Road),
    ("弄", Piece::Road),
    ("道", Piece::Road),
];

/// Words before or behind which an end is none: 小区, 路口, 市场.
pub(super) const NOT_BEFORE: [(&str, &str); 12] = [
    ("路", "口灯边旁面社街小"),
    ("街", "道口边社小"),
    ("道", "口社小"),
    ("巷", "口社小"),
    ("大街", "社小"),
    ("大道", "社小"),
    ("市", "场政民立"),
    ("区", "政间块"),
    ("县", "政城医"),
    ("镇", "政"),
    ("乡", "政"),
    ("村", "委小"),
];
pub(super) const NOT_BEHIND: [(&str, &str); 4] = [
    ("区", "小园业社校厂库景住宅技"),
    ("市", "超城夜早菜"),
    ("道", "频管赛人步报街"),
    ("路", "公"),
];

pub(super) const RELATIONS: &str = "丁字路口 十字路口 交叉路口 交叉口 交汇处 交界处 斜对面 正对面 东北角 西北角 东南角 西南角 对面 旁边 隔壁 附近 门口 \
    路口 交口 交接 以东 以西 以南 以北 东侧 西侧 南侧 北侧 东边 西边 南边 北边 东面 西面 南面 北面 后面 前面 里面 楼上 楼下 往东 往西 往南 往北 \
    向东 向西 向南 向北 中间 与 旁 内 近 口";
pub(super) const PARTS: &str =
    "东区 西区 南区 北区 中区 东门 西门 南门 北门 东苑 西苑 南苑 北苑 正门 大门";
pub(super) const REMARKS: &str =
    "电联 到了联系 请电话联系 送货上门 收货地址 收件地址 联系地址 详细地址 地址";

/// Cities that have districts or counties, without 市; 市 behind any other name makes a city below a city.
pub(super) const CITIES: &str = "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 \
    吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛 \
    长春 吉林 四平 辽源 通化 白山 松原 白城 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 南京 无锡 徐州 常州 苏州 南通 \
    连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 \
    阜阳 宿州 六安 亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 \
    淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 \
    信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 \
    广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 防城港 钦州 \
    贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 三沙 儋州 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 \
    贵阳 六盘水 遵义 安顺 毕节 铜仁 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 拉萨 日喀则 昌都 林芝 山南 那曲 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 \
    安康 商洛 兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 西宁 海东 银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 克拉玛依 吐鲁番 哈密";
/// Cities that are provinces as well.
pub(super) const MUNICIPALITIES: &str = "北京 天津 上海 重庆";
/// Provinces without 省.
pub(super) const PROVINCES: &str = "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 \
    甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门";
