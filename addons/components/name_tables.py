"""Words that make up how people are called in Chinese; simplified and in lower case."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪"
    "辛柯庄温牛樊葛邢安齐伍庞颜倪章鲁俞詹关欧祝苗耿聂焦柳殷路岳左兰柴裴翟蓝盛骆甘包宁尚季鲍阮游古辜符管凌霍梅卓丘"
    "滕成纪舒屈项祁涂谷房单柏费卜佟卫车桂宫窦褚靳冉柱冷党麦司萧邬尤巫闵简栾仇麻桑池荣席申应池封花穆明时童奚郁鞠沙米"
    "班仲伊仝连鄢滑郗蔺屠解宗臧娄支战敖邝晏阎谌仉楼官隋郎鄂冼计谈虞荆牟芦翁那缪盘郜佘岑胥荀蒲禹晁甄毕邸钭乜云"
)
LONG_SURNAMES = frozenset(
    _words(
        "欧阳 司马 上官 诸葛 司徒 慕容 皇甫 夏侯 尉迟 长孙 东方 令狐 宇文 公孙 端木 独孤 南宫 淳于 申屠 呼延 澹台 太史 "
        "赫连 钟离 西门 百里 轩辕 万俟 闻人 公羊 濮阳 拓跋 东郭 第五 鲜于 仲孙 完颜 纳兰 贺兰 公冶"
    )
)
# For invented names.
GIVEN_CHARACTERS = tuple(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华梅玉红建国文志海云飞雪梦琪子轩雨涵欣怡思佳俊浩宇然一诺依博"
    "晓东晨曦婷嘉豪家瑞诗颖心悦可馨铭泽昊天若辰逸凡乐瑶瑾萱月光春生福寿祥龙凤鹏翔斌彬辉峰健鑫波宁亮荣贵发财根水金"
    "木林森淑珍珠香莲菊竹松柏清源远航恒安康永长久青山川河江湖洪涌进成功学友良善德仁义礼智信忠孝达权威振中兴邦定坤"
    "时言野牧笛歌童鹿鸣南北西冬夏秋白墨羽星辰阳帆舟路遥石柱田园禾苗果叶舒朗元启世正大小满圆意知音问未来非"
)
# Sounds of other languages of China: 古丽努尔, 才让卓玛, 巴特尔.
SOUND_CHARACTERS = tuple(
    "阿古丽努尔买提木合吐热孜依拉克巴哈布都艾力江麦萨仁其格娜乌斯琴才让卓玛扎西次旦达瓦桑多吉顿珠特恩和日央迪"
)
PET_CHARACTERS = tuple(
    "毛丫胖豆糖果妞团圆点球乐贝宝强壮花蛋柱牛虎狗熊猫兔鱼米包饼桃瓜栗枣梨草石铁黑秃瘦矮高军刚勇芳玲燕娟丹婷莉娜珍梅莎沙"
)
NICKNAME_HEADS = tuple("老小阿大")
PET_ENDINGS = tuple("子儿哥姐叔姨婶仔妹弟娃")
LATIN_NAMES = frozenset(
    _words("""
    lucy lily lisa linda lina amy anna alice andy alex allen ben betty bob bella cathy cindy coco cici daisy daniel
    david emma emily ella eric eva fiona frank gary grace helen henry ivy jack jane jason jenny jerry jessica jim
    joe john judy kate kelly ken kevin kitty leo leon lucas luna mark mary may mia michael mike molly nancy nick
    nina oliver paul peter rose ruby ryan sam sara sherry simon sophia steven sunny susan ted tim tina toby tom tony
    vicky victor vivian wendy zoe
""")
)
# Single characters that often end a way to address somebody.
TITLE_CHARACTERS = frozenset("总哥姐叔姨婶嫂爷奶伯婆舅姑妹弟爸妈董处局师工娘")
TITLES = _words("""
    总 哥 姐 叔 姨 嫂 婶 工 局 处 董 老师 师傅 经理 阿姨 大爷 大妈 大叔 大姐 大哥 奶奶 爷爷 会计 医生 大夫 律师 老板
    先生 女士 小姐 主任 局长 处长 科长 校长 院长 教练 教授 护士 警官 记者 秘书 助理 总监 队长 村长 掌柜 老板娘
""")
_KIN = _words("""
    爸 妈 爹 娘 爷 奶 姥 爸爸 妈妈 老爸 老妈 老爹 老娘 爸妈 爹妈 父亲 母亲 老父亲 老母亲 老婆 老公 媳妇 媳妇儿 爱人
    太太 内人 老伴 老伴儿 老头子 老太婆 老爷子 老太太 儿子 女儿 闺女 姑娘 老大 老二 老三 老四 老幺 爷爷 奶奶 外公
    外婆 姥姥 姥爷 祖父 祖母 爷爷奶奶 哥哥 弟弟 姐姐 妹妹 小弟 小妹 姨妈 姨夫 姨父 姑姑 姑妈 姑父 姑奶奶 舅舅 舅妈
    小舅子 小姨子 小叔子 小姑子 大姑姐 大姑子 叔叔 婶婶 婶子 大伯 伯伯 伯父 伯母 大爷 二大爷 表哥 表弟 表姐 表妹
    表叔 表舅 表姑 堂哥 堂弟 堂姐 堂妹 嫂子 弟妹 弟媳 妹夫 姐夫 岳父 岳母 公公 婆婆 公婆 丈人 老丈人 丈母娘 女婿
    儿媳 儿媳妇 孙子 孙女 外孙 外孙女 外甥 外甥女 侄子 侄女 侄儿 大侄子 干妈 干爹 干儿子 干女儿 继父 继母 后妈 后爸
    亲家 亲家母 亲家公 连襟 妯娌 女朋友 男朋友 女友 男友 对象 未婚夫 未婚妻 前夫 前妻 前女友 前男友 前任 孩子他爸
    孩子他妈 孩子妈 孩子爸 孩儿他娘 孩儿他爹 娃他爸 娃他妈
""")
_KIN_HEADS, _KIN_ENDS = tuple("大二三四五六小老"), tuple("舅姨姑叔伯婶嫂哥姐弟妹爷")
_ROLES = _words("""
    闺蜜 发小 哥们 室友 战友 邻居 老乡 老同学 师兄 师弟 师姐 师妹 学长 学姐 学弟 学妹 徒弟 房东 二房东 房东太太
    包租婆 租客 租户 老板 老板娘 董事长 经理 会计 出纳 财务 师傅 师父 老师 班主任 辅导员 导师 校长 园长 教练
    班长 队长 团长 村长 支书 车间主任 工头 包工头 木匠 木工 电工 瓦工 油漆工 漆工 小工 护工 钟点工 保姆 月嫂 育儿嫂
    保洁 保安 门卫 阿姨 司机 快递员 快递小哥 外卖小哥 小哥 物业 中介 店主 店长 厂长 东家 客户 合伙人 供应商 批发商
    屠夫 裁缝 厨子 理发师 伴娘 伴郎 新娘 新郎 新娘子 新郎官 寿星 律师 医生 护士 警官 主播 群主 卖家 买家 业主 车主
    学徒 胖子 瘦子 光头 眼镜 秃子 大头 矮子 黑子 老铁
""")
# Relatives by name, and by rank (三叔); who is also a way to talk to a stranger (大姐) is a trade.
_ADDRESSES = _words("大哥 大姐 大叔 大爷 大婶 大弟 大妹 小哥 小姐 小妹 小弟 老叔 老哥 老姐 老弟 老妹 姑娘")
_RANKED = (head + end for head in _KIN_HEADS for end in _KIN_ENDS)
RELATIVES = tuple(word for word in dict.fromkeys((*_KIN, *_RANKED)) if word not in _ADDRESSES)
TRADES = tuple(dict.fromkeys((*_ROLES, *_ADDRESSES)))
# What stands where a name could and names nobody: pronouns, organisations, brands.
NOBODY = _words("""
    我 你 您 他 她 它 谁 我们 你们 他们 她们 咱们 自己 本人 人家 别人 他人 对方 大家 某人 那个人 这个人 那人 家里
    家人 亲戚 朋友 同事 同学 孩子 小孩 公司 单位 厂里 学校 医院 法院 药店 饭店 酒店 宾馆 超市 商场 商店 店铺 网店
    店里 平台 商家 商户 物业公司 装修公司 保险公司 开发商 施工队 装修队 管理处 居委会 村委会 派出所 税务局 社保局
    电网 幼儿园 大学 中学 小学 寺庙 基金 慈善 支付宝 花呗 借呗 白条 余额宝 微信 零钱 零钱通 淘宝 天猫 京东 美团 抖音
    拼多多 闲鱼 顺丰 滴滴 云闪付 财付通 中国移动 联通 电信 银行 支行 分行 网点 柜台 客服 人工 经理人 大堂经理
    客户经理 理财经理 柜员 工作人员 平安 中信 兴业 光大 老干妈 李宁 安踏 康师傅 王老吉 周大福 周大生 周生生 老凤祥
    张小泉 周黑鸭 马应龙 王府井 全聚德 狗不理 海底捞 张亮麻辣烫 杨国福 汪汪队 小米 小程序 小额 小时 小区 老家 老卡
    老人 大厅 大额 大概 大堂 阿拉伯
""")
