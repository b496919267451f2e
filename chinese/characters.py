"""Tables of characters: what is a numeral, what is a unit, and the traditional forms that money and time words use."""

DIGIT_VALUES = {
    **dict(zip("零〇一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9))),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10))),
    "两": 2,
}
CN_DIGITS = "".join(DIGIT_VALUES)
ZEROS = "零〇"
UNIT_VALUES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
UNITS = "".join(UNIT_VALUES)

# Spoken digits: 幺 is "one" when a number is read out figure by figure.
SPOKEN_DIGITS = {ord(char): str(value) for char, value in {**DIGIT_VALUES, "幺": 1}.items() if char != "两"}

# Formal and contracted spellings that mean exactly one plain character (拾 is 十), used inside numerals only.
PLAIN_FORMS = str.maketrans(
    {
        **dict(zip("壹贰叁肆伍陆柒捌玖〇", "一二三四五六七八九零")),
        **dict(zip("拾佰仟", "十百千")),
        **dict(zip("wWkK", "万万千千")),
        "廿": "二十",
        "卅": "三十",
        "卌": "四十",
    }
)
UNIT_FORMS = UNITS + "拾佰仟廿卅卌"

# One character for one character, only words that amounts, dates and their context are made of.
_TRADITIONAL = (
    "萬億兩點幾個塊錢號週禮後時鐘貳參叄陸圓幣節歲這開聖誕勞動兒國慶陽曆婦轉匯還給帳賬額餘從過內間費歐鎊韓貸買賣領電話碼驗證戶"
    "張筆們當現預約結銀單熱線聯繫夠達發繳購贖調進個來鐵讓說請幫貨農陰臘重業營辦門網櫃臺項總淨紅樣訊設換寫專屬麼爺媽與為長軍"
)
_SIMPLIFIED = (
    "万亿两点几个块钱号周礼后时钟贰叁叁陆圆币节岁这开圣诞劳动儿国庆阳历妇转汇还给账账额余从过内间费欧镑韩贷买卖领电话码验证户"
    "张笔们当现预约结银单热线联系够达发缴购赎调进个来铁让说请帮货农阴腊重业营办门网柜台项总净红样讯设换写专属么爷妈与为长军"
)
TRADITIONAL_TO_SIMPLIFIED = dict(zip(map(ord, _TRADITIONAL), map(ord, _SIMPLIFIED)))
VARIANTS = {ord("帐"): ord("账"), ord("圎"): ord("圆"), ord("○"): ord("〇"), ord("−"): ord("-"), ord("弍"): ord("贰")}
