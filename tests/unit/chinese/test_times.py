"""Times, durations and repetitions. The present is Wednesday 20 May 2026, 14:20."""

import pytest

from .conftest import Read

DAYS = {
    "今天": "2026-05-20",
    "昨天的流水": "2026-05-19",
    "前天": "2026-05-18",
    "大前天": "2026-05-17",
    "后天": "2026-05-22",
    "上周五转的": "2026-05-15",
    "下周三": "2026-05-27",
    "这周一": "2026-05-18",
    "上上周日": "2026-05-10",
    "3月8号那笔": "2026-03-08",
    "12月3号的消费": "2025-12-03",
    "去年12月3日": "2025-12-03",
    "上个月15号": "2026-04-15",
    "本月1日": "2026-05-01",
    "下月5号还款": "2026-06-05",
    "查15号的交易": "2026-05-15",
    "2026-03-05": "2026-03-05",
    "2026/3/5": "2026-03-05",
    "2026.3.5的交易": "2026-03-05",
    "20260305的那笔": "2026-03-05",
    "二零二六年三月五号": "2026-03-05",
    "三天前": "2026-05-17",
    "两周后": "2026-06-03",
    "去年双十一": "2025-11-11",
    "今年春节": "2026-02-17",
    "2027年中秋": "2027-09-15",
    "明年端午节": "2027-06-09",
    "去年除夕": "2025-01-28",
    "2028年七夕": "2028-08-26",
    "2035年重阳节": "2035-10-09",
    "今年清明": "2026-04-05",
    "去年國慶節": "2025-10-01",
    "後天": "2026-05-22",
}

PERIODS = {
    "这个月": ("month", "2026-05-01"),
    "上个月的账单": ("month", "2026-04-01"),
    "上上个月": ("month", "2026-03-01"),
    "3月": ("month", "2026-03-01"),
    "去年12月": ("month", "2025-12-01"),
    "12月的账单": ("month", "2025-12-01"),
    "上周": ("week", "2026-05-11"),
    "本周": ("week", "2026-05-18"),
    "去年": ("year", "2025-01-01"),
    "2025年全年": ("year", "2025-01-01"),
    "25年的流水": ("year", "2025-01-01"),
    "查2025账单": ("year", "2025-01-01"),
    "上季度": ("quarter", "2026-01-01"),
    "去年第三季度": ("quarter", "2025-07-01"),
    "第一季度": ("quarter", "2026-01-01"),
    "9点开门吗": ("hour", "2026-05-20T09"),
    "明天下午三点": ("hour", "2026-05-21T15"),
    "今晚8点": ("hour", "2026-05-20T20"),
    "明早九点半": ("minute", "2026-05-21T09:30"),
    "昨天15:30": ("minute", "2026-05-19T15:30"),
    "两点三刻": ("minute", "2026-05-20T14:45"),
    "中午12点": ("hour", "2026-05-20T12"),
    "凌晨两点": ("hour", "2026-05-20T02"),
}

INTERVALS = {
    "最近三天": ("2026-05-17", "2026-05-21"),
    "近三个月": ("2026-02-20", "2026-05-21"),
    "近7日流水": ("2026-05-13", "2026-05-21"),
    "近三月": ("2026-02-20", "2026-05-21"),
    "过去一年": ("2025-05-20", "2026-05-21"),
    "未来七天": ("2026-05-20", "2026-05-27"),
    "前三个月": ("2026-02-01", "2026-05-01"),
    "3月1号到15号": ("2026-03-01", "2026-03-16"),
    "3月1到15号": ("2026-03-01", "2026-03-16"),
    "1到3月": ("2026-01-01", "2026-04-01"),
    "去年10月到12月": ("2025-10-01", "2026-01-01"),
    "11月到2月": ("2026-11-01", "2027-03-01"),
    "2026-01-01到2026-02-28": ("2026-01-01", "2026-03-01"),
    "20260101-20260228": ("2026-01-01", "2026-03-01"),
    "从3月1号到现在": ("2026-03-01", "2026-05-21"),
    "上周五到这周三": ("2026-05-15", "2026-05-21"),
    "上半年": ("2026-01-01", "2026-07-01"),
    "月底": ("2026-05-27", "2026-06-01"),
    "3月上旬": ("2026-03-01", "2026-03-11"),
    "去年年底的": ("2025-12-01", "2026-01-01"),
    "2025年年初": ("2025-01-01", "2025-03-01"),
    "年初": ("2026-01-01", "2026-03-01"),
    "上周末": ("2026-05-16", "2026-05-18"),
    "5号之前还款": (None, "2026-06-05"),
    "3月5号以后的": ("2026-03-06", None),
    "上午九点到十一点": ("2026-05-20T09", "2026-05-20T11"),
    "昨晚": ("2026-05-19T18", "2026-05-20T00"),
    "这几天": ("2026-05-14", "2026-05-21"),
    "刚才": ("2026-05-20T13:20", "2026-05-20T14:20"),
}

DURATIONS = {
    "存一年": (1, "year"),
    "三个月定期": (3, "month"),
    "1年6个月": (18, "month"),
    "两年半": (30, "month"),
    "90天": (90, "day"),
    "半年期": (6, "month"),
    "3个工作日到账吗": (3, "day"),
    "5个工作日内": (5, "day"),
    "半小时": (30, "minute"),
    "贷30年": (30, "year"),
    "贷5万24个月": (24, "month"),
    "贷一百万三十年": (30, "year"),
    "存五万三个月": (3, "month"),
}

NO_TIME = [
    "2月30号",
    "3月32号",
    "13月5号",
    "7日年化",
    "一点都不",
    "一点一点还",
    "一天到晚",
    "等一点",
    "8号楼",
    "3号线",
    "晚上好",
    "三点五万",
    "万一",
    "转十一元",
    "第三方",
    "周转",
    "99999999999天前",
    "9999年后",
]


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_day(read: Read, text: str, day: str) -> None:
    (found,) = read(text, "time")
    assert (found.value["type"], found.value["grain"]) == ("value", "day")
    assert found.value["value"] == f"{day}T00:00:00.000+08:00"


@pytest.mark.parametrize(("text", "period"), PERIODS.items())
def test_period(read: Read, text: str, period: tuple[str, str]) -> None:
    (found,) = read(text, "time")
    assert found.value["type"] == "value" and found.value["grain"] == period[0]
    assert found.value["value"].startswith(period[1])


@pytest.mark.parametrize(("text", "sides"), INTERVALS.items())
def test_interval(read: Read, text: str, sides: tuple[str | None, str | None]) -> None:
    (found,) = read(text, "time")
    assert found.value["type"] == "interval"
    for name, expected in zip(("from", "to"), sides):
        instant = found.value.get(name, {}).get("value")
        assert instant is None if expected is None else instant.startswith(expected)


@pytest.mark.parametrize(("text", "length"), DURATIONS.items())
def test_duration(read: Read, text: str, length: tuple[int, str]) -> None:
    (found,) = read(text, "duration")
    assert (found.value["value"], found.value["unit"]) == length


def test_working_days_are_marked(read: Read) -> None:
    assert read("3个工作日")[0].value["working_days"] is True


@pytest.mark.parametrize("text", NO_TIME)
def test_no_time(read: Read, text: str) -> None:
    assert read(text, "time") == []


def test_lunar_feast_outside_the_table_leaves_the_year(read: Read) -> None:
    assert [(q.body, q.value["grain"]) for q in read("2099年春节")] == [("2099年", "year")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("每月10号还款", {"type": "set", "period": "P1M", "day": 10}),
        ("每周五转500", {"type": "set", "period": "P1W", "weekday": 5}),
        ("每天", {"type": "set", "period": "P1D"}),
        ("每个月", {"type": "set", "period": "P1M"}),
    ],
)
def test_repetition(read: Read, text: str, value: dict[str, object]) -> None:
    assert read(text, "set")[0].value == value


@pytest.mark.parametrize(("prefer", "day"), [("past", "2025-10-01"), ("future", "2026-10-01")])
def test_direction_decides_a_date_without_a_year(read: Read, prefer: str, day: str) -> None:
    assert read("10月1日", "time", prefer)[0].value["value"].startswith(day)


def test_words_give_the_direction(read: Read) -> None:
    assert read("查8月的账单", "time")[0].value["value"].startswith("2025-08")
    assert read("预约8月办理", "time")[0].value["value"].startswith("2026-08")


def test_vague_time_is_marked(read: Read) -> None:
    assert read("这几天的交易", "time")[0].value["precision"] == "approx"
