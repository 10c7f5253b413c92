//! What people write: sentences per category with places to fill. `{处}` is where, `{时}` how long or since when.

/// Sentences of one category and how often it is reported, in parts of the whole.
pub(crate) struct Texts {
    pub(crate) category: &'static str,
    pub(crate) weight: f64,
    /// Whether it happens in the street rather than at somebody's door.
    pub(crate) outside: bool,
    pub(crate) sentences: &'static [&'static str],
}

/// All categories that people report.
pub(crate) const TEXTS: &[Texts] = &[
    Texts {
        category: "0101",
        weight: 17.0,
        outside: true,
        sentences: &[
            "{处}有流动摊贩占道经营,人行道走不过去,{时}都这样。",
            "{处}水果摊摆到了马路牙子外面,车子过不去,请城管来看一下。",
            "{处}烧烤店把桌椅摆在人行道上,油烟很大,{时}。",
            "您好,{处}早市收摊以后还有人摆摊,堵住小区出口。",
            "{处}几家店铺出店经营,盲道被占,老人推轮椅没法走。",
            "{处}路口有三轮车卖菜,{时},影响通行。",
        ],
    },
    Texts {
        category: "0102",
        weight: 11.0,
        outside: false,
        sentences: &[
            "{处}楼下堆了很多装修垃圾,{时}没人清理。",
            "{处}单元门口堆放纸箱和旧家具,有安全隐患。",
            "{处}工地围挡外面乱堆沙子水泥,一刮风全是土。",
            "{处}楼道里堆满杂物,邻居说了几次也不搬。",
            "有人在{处}绿化带里倒建筑垃圾,麻烦处理。",
        ],
    },
    Texts {
        category: "0201",
        weight: 7.0,
        outside: true,
        sentences: &[
            "{处}路面有个大坑,下雨积水看不见,电动车已经摔了两个人。",
            "{处}人行道地砖松动,一踩就溅水,{时}。",
            "{处}路面开挖以后一直没有恢复,{时}了。",
            "{处}减速带坏了,钉子露在外面,容易扎胎。",
            "{处}路沿石断裂,晚上看不清容易绊倒。",
        ],
    },
    Texts {
        category: "0202",
        weight: 6.0,
        outside: true,
        sentences: &[
            "{处}路灯不亮,{时}了,晚上孩子放学不安全。",
            "{处}一排路灯全灭,请派人检修。",
            "{处}路灯白天也亮着,浪费电。",
            "{处}灯杆歪了,电线露在外面,很危险。",
        ],
    },
    Texts {
        category: "0203",
        weight: 3.0,
        outside: true,
        sentences: &[
            "{处}井盖不见了,现在用树枝挡着,请尽快处理!",
            "{处}井盖松动,车压过去咣咣响,{时}。",
            "{处}污水井盖破损下沉,差点掉进去。",
        ],
    },
    Texts {
        category: "0301",
        weight: 6.0,
        outside: false,
        sentences: &[
            "{处}停水了,{时},没有接到通知,什么时候来水?",
            "{处}水压太低,六楼以上放不出水。",
            "{处}自来水发黄有味道,{时}。",
            "{处}自来水管爆裂,水流了一路。",
        ],
    },
    Texts {
        category: "0302",
        weight: 8.0,
        outside: false,
        sentences: &[
            "{处}暖气不热,室内只有14度,家里有老人和小孩。",
            "{处}整个单元暖气都是凉的,{时},打物业电话没人接。",
            "{处}暖气管漏水,把楼下也泡了。",
            "请问{处}什么时候供暖?别的小区都热了。",
            "{处}暖气时热时不热,{时},希望热力公司上门测温。",
        ],
    },
    Texts {
        category: "0303",
        weight: 5.0,
        outside: false,
        sentences: &[
            "{处}突然停电,{时},冰箱里的东西都坏了。",
            "{处}电压不稳,灯一闪一闪的。",
            "{处}配电箱门开着,小孩在旁边玩,太危险了。",
            "{处}电线垂得很低,大车过就刮到。",
        ],
    },
    Texts {
        category: "0401",
        weight: 11.0,
        outside: false,
        sentences: &[
            "{处}垃圾桶满了没人清运,{时},味道很大。",
            "{处}垃圾点污水横流,苍蝇很多。",
            "{处}旁边河道边上有人倒垃圾。",
            "{处}公厕没人打扫,{时},根本进不去。",
            "{处}垃圾车早上五点就来,洒了一路。",
        ],
    },
    Texts {
        category: "0402",
        weight: 11.0,
        outside: false,
        sentences: &[
            "{处}工地夜间施工,{时},根本没法睡觉。",
            "{处}楼下广场舞音响太大,{时}。",
            "{处}饭馆排风机噪音大,对着居民窗户。",
            "{处}楼上装修,午休时间也在打电钻。",
            "{处}KTV半夜还在唱,希望管一管。",
        ],
    },
    Texts {
        category: "0501",
        weight: 5.0,
        outside: false,
        sentences: &[
            "{处}两家因为漏水吵起来了,请社区来调解。",
            "{处}邻居养狗扰民,多次沟通没有结果。",
            "{处}因为停车位的事邻里发生争执,希望调解。",
            "{处}业主和物业因为物业费起了纠纷,{时}。",
        ],
    },
    Texts {
        category: "0601",
        weight: 6.0,
        outside: false,
        sentences: &[
            "{处}消防通道停满私家车,{时},着火了消防车进不来。",
            "{处}楼道里停电动车还飞线充电。",
            "{处}安全出口上锁了,请消防部门检查。",
            "{处}消防栓没有水,箱子里的水带也不见了。",
        ],
    },
    Texts {
        category: "0602",
        weight: 3.0,
        outside: false,
        sentences: &[
            "{处}楼道里有很浓的煤气味,请马上来人!",
            "{处}餐馆把液化气罐放在厨房明火旁边。",
            "{处}燃气管道生锈严重,{时},担心泄漏。",
        ],
    },
    Texts {
        category: "0901",
        weight: 8.0,
        outside: false,
        sentences: &[
            "请问{处}属于哪个社区?办居住证要去哪里?",
            "咨询一下,{处}老旧小区改造什么时候开始?",
            "我住{处},想问老年卡怎么办理。",
            "{处}附近有没有能打疫苗的社区医院?",
        ],
    },
    Texts {
        category: "0902",
        weight: 4.0,
        outside: true,
        sentences: &[
            "建议在{处}增设一个公交站。",
            "建议{处}路口装红绿灯,过马路太难了。",
            "建议在{处}安装几个健身器材和座椅。",
        ],
    },
];

/// How long or since when.
pub(crate) const SINCE: &[&str] = &[
    "已经三天了",
    "一个多星期了",
    "从昨天晚上开始",
    "每天早上六七点",
    "每天晚上十点以后",
    "快半个月了",
    "反映过好几次",
    "今天早上发现的",
    "周末尤其严重",
    "两个多月了",
    "从上周开始",
];

/// What is put before a sentence, mostly nothing.
pub(crate) const BEFORE: &[&str] =
    &["", "", "", "", "", "你好,", "您好,我是附近居民,", "反映一个问题:", "急!"];

/// What is put after, mostly nothing.
pub(crate) const AFTER: &[&str] =
    &["", "", "", "", "谢谢!", "请尽快处理。", "希望有人管一管。", "麻烦回复一下。", "拍了照片。"];
