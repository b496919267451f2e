"""The branches and machines of the demo bank for the in-memory adapter: the same as the sandbox's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from banking.branch import Branch
from chinese.opening_hours import Hours

_EVERY_DAY = Hours((time(9), time(17)), (time(9, 30), time(16)))
_WORKING_DAYS = Hours((time(9), time(17)))
_LATE = Hours((time(9), time(18)), (time(10), time(16, 30)))


@dataclass(frozen=True)
class Place:
    """`hours` None is a machine that never closes. `services` are codes."""

    id: str
    name: str
    city: str
    district: str
    address: str
    phone: str | None
    hours: Hours | None
    services: tuple[str, ...]


ALWAYS_FREE = ("10:00", "10:30", "15:00", "15:30")
_ALL_DAY_CASH = ("cash", "deposit_machine")
PLACES = (
    Place(
        "sh-lujiazui",
        "陆家嘴支行",
        "上海",
        "浦东新区",
        "世纪大道88号1层",
        "021-5800-0101",
        _EVERY_DAY,
        ("cash", "foreign_currency", "safe_box", "wheelchair", "large_cash", "mortgage"),
    ),
    Place(
        "sh-xujiahui",
        "徐家汇支行",
        "上海",
        "徐汇区",
        "虹桥路66号",
        "021-5800-0102",
        _LATE,
        ("cash", "foreign_currency", "wheelchair", "deposit_machine", "statements"),
    ),
    Place(
        "sh-jingan",
        "静安支行",
        "上海",
        "静安区",
        "南京西路1266号",
        "021-5800-0103",
        _WORKING_DAYS,
        ("cash", "safe_box", "mortgage", "parking", "social_card"),
    ),
    Place(
        "sh-minhang",
        "莘庄支行",
        "上海",
        "闵行区",
        "莘建东路58号",
        "021-5800-0104",
        _EVERY_DAY,
        ("cash", "coins", "parking", "wheelchair", "social_card", "statements"),
    ),
    Place(
        "bj-zhongguancun",
        "中关村支行",
        "北京",
        "海淀区",
        "中关村大街27号",
        "010-6200-0201",
        _EVERY_DAY,
        ("cash", "foreign_currency", "mortgage", "statements", "wheelchair"),
    ),
    Place(
        "bj-guomao",
        "国贸支行",
        "北京",
        "朝阳区",
        "建国门外大街1号",
        "010-6200-0202",
        _LATE,
        ("cash", "foreign_currency", "safe_box", "large_cash", "parking"),
    ),
    Place(
        "bj-xidan",
        "西单支行",
        "北京",
        "西城区",
        "西单北大街131号",
        "010-6200-0203",
        _WORKING_DAYS,
        ("cash", "coins", "social_card", "deposit_machine"),
    ),
    Place(
        "sz-futian",
        "福田支行",
        "深圳",
        "福田区",
        "深南大道6008号",
        "0755-8200-0301",
        _EVERY_DAY,
        ("cash", "foreign_currency", "safe_box", "mortgage", "wheelchair"),
    ),
    Place(
        "sz-longhua",
        "龙华支行",
        "深圳",
        "龙华区",
        "人民路2020号",
        "0755-8200-0302",
        _WORKING_DAYS,
        ("cash", "coins", "parking", "social_card", "statements"),
    ),
    Place(
        "hz-xihu",
        "西湖支行",
        "杭州",
        "西湖区",
        "文三路478号",
        "0571-8700-0401",
        _EVERY_DAY,
        ("cash", "foreign_currency", "mortgage", "statements"),
    ),
    Place(
        "hz-binjiang",
        "滨江支行",
        "杭州",
        "滨江区",
        "江南大道588号",
        "0571-8700-0402",
        _WORKING_DAYS,
        ("cash", "parking", "wheelchair", "large_cash"),
    ),
    Place(
        "cd-gaoxin",
        "高新支行",
        "成都",
        "武侯区",
        "天府大道北段1700号",
        "028-8500-0501",
        _EVERY_DAY,
        ("cash", "foreign_currency", "safe_box", "parking", "mortgage"),
    ),
    Place(
        "cd-chunxi",
        "春熙路支行",
        "成都",
        "锦江区",
        "春熙路南段8号",
        "028-8500-0502",
        _LATE,
        ("cash", "coins", "wheelchair", "social_card"),
    ),
    Place("sh-hongqiao-atm", "虹桥火车站自助银行", "上海", "闵行区", "申贵路1500号到达层", None, None, _ALL_DAY_CASH),
    Place("sh-renmin-atm", "人民广场自助银行", "上海", "黄浦区", "西藏中路268号", None, None, _ALL_DAY_CASH),
    Place("bj-south-atm", "北京南站自助银行", "北京", "丰台区", "永外大街车站路12号", None, None, ("cash",)),
    Place("sz-north-atm", "深圳北站自助银行", "深圳", "龙华区", "致远中路28号", None, None, _ALL_DAY_CASH),
    Place("hz-east-atm", "杭州东站自助银行", "杭州", "上城区", "天城路1号", None, None, ("cash",)),
    Place("cd-tianfu-atm", "天府广场自助银行", "成都", "青羊区", "人民南路一段86号", None, None, _ALL_DAY_CASH),
)


def view(found: Place, now: datetime) -> Branch:
    """What its door says at `now`, local time."""
    hours = found.hours
    return Branch(
        id=found.id,
        kind="branch" if hours else "atm",
        name=found.name,
        city=found.city,
        district=found.district,
        address=f"{found.city}市{found.district}{found.address}",
        phone=found.phone,
        hours=hours.text() if hours else "24小时",
        services=found.services,
        open_now=hours.is_open(now) if hours else True,
        status=hours.status(now) if hours else "24小时可用",
    )


def taken_by_others(place_id: str, day: date, slot: str) -> bool:
    """The demo bank has other customers too: about every fifth half hour is theirs, never that of ten or three."""
    return (
        slot not in ALWAYS_FREE
        and (day.toordinal() + sum(map(ord, place_id)) + int(slot[:2]) * 2 + (slot[3:] == "30")) % 5 == 0
    )
