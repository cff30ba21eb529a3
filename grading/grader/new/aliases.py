"""English names for Japanese headers: from a list of words, else a number."""

# ruff: noqa: E501 (a table of words)

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

# The longest word that fits is taken first, so compounds need no entry unless their parts mislead.
# fmt: off
WORDS = {
    "日付": "date", "年月日": "date", "日時": "datetime", "年月": "month", "時刻": "time", "時間": "hours", "曜日": "weekday",
    "年度": "fiscal_year", "四半期": "quarter", "年": "year", "月": "month", "週": "week", "日": "day", "時": "hour",
    "開始": "start", "終了": "end", "完了": "finish", "期限": "due", "納期": "due_date", "納入": "delivery", "期間": "period",
    "店舗": "store", "店": "store", "支店": "branch", "拠点": "site", "工場": "factory", "倉庫": "warehouse", "部署": "department",
    "部門": "department", "担当者": "person_in_charge", "担当": "in_charge", "会社": "company", "企業": "company", "業種": "industry",
    "商品": "item", "製品": "product", "品番": "part_number", "品目": "item", "品種": "kind", "部品": "part", "材料": "material",
    "カテゴリ": "category", "カテゴリー": "category", "分類": "category", "種類": "kind", "種別": "kind", "区分": "class",
    "型番": "model", "型式": "model", "ブランド": "brand", "顧客": "customer", "会員": "member", "取引先": "client", "案件": "project",
    "受注": "order", "注文": "order", "発注": "order", "出荷": "shipment", "入荷": "arrival", "入庫": "stock_in", "出庫": "stock_out",
    "在庫": "stock", "欠品": "sold_out", "廃棄": "waste", "返品": "returns", "売上": "sales", "販売": "sales", "購入": "purchase",
    "仕入": "purchase", "価格": "price", "単価": "unit_price", "売価": "price", "定価": "list_price", "原価": "cost",
    "費用": "cost", "金額": "amount", "料金": "fee", "利益": "profit", "粗利": "margin", "粗利率": "margin_rate", "予算": "budget",
    "数量": "quantity", "数": "count", "個数": "units", "件数": "cases", "人数": "people", "客数": "customers", "台数": "units",
    "回数": "times", "枚数": "sheets", "本数": "pieces", "率": "rate", "割合": "share", "比率": "ratio", "合計": "total",
    "平均": "mean", "最大": "max", "最小": "min", "中央": "median", "累計": "cumulative", "前日": "previous_day", "前週": "previous_week",
    "前年": "previous_year", "前月": "previous_month", "翌日": "next_day", "当日": "same_day", "需要": "demand", "予測": "forecast",
    "予想": "forecast", "予定": "planned", "計画": "planned", "実績": "actual", "実測": "measured", "目標": "target", "見積": "estimate",
    "気温": "temperature", "温度": "temperature", "湿度": "humidity", "降水量": "rain", "天気": "weather", "天候": "weather",
    "風速": "wind", "気圧": "pressure", "圧力": "pressure", "電流": "current", "電圧": "voltage", "電力": "power", "消費": "consumption",
    "速度": "speed", "回転": "rotation", "振動": "vibration", "重量": "weight", "重さ": "weight", "長さ": "length", "幅": "width",
    "高さ": "height", "厚さ": "thickness", "面積": "area", "体積": "volume", "距離": "distance", "緯度": "latitude", "経度": "longitude",
    "祝日": "holiday", "休日": "holiday", "特売": "promo", "販促": "promotion", "広告": "ad", "キャンペーン": "campaign", "割引": "discount",
    "名": "name", "名称": "name", "氏名": "name", "性別": "sex", "年齢": "age", "年代": "age_band", "住所": "address", "電話": "phone",
    "郵便": "postal", "メール": "mail", "都道府県": "prefecture", "市区町村": "municipality", "地域": "region", "地区": "district",
    "駅": "station", "築年数": "building_age", "間取り": "layout", "家賃": "rent", "賃料": "rent", "席数": "seats", "階": "floor",
    "番号": "number", "コード": "code", "連番": "serial", "行": "row", "識別": "id", "管理": "control", "伝票": "slip", "ロット": "lot",
    "設備": "equipment", "機械": "machine", "号機": "machine", "ライン": "line", "工程": "process", "工数": "effort", "作業": "work",
    "不良": "defect", "異常": "anomaly", "故障": "failure", "検査": "inspection", "判定": "judgement", "結果": "result", "合否": "passed",
    "品質": "quality", "状態": "state", "有無": "has", "フラグ": "flag", "備考": "remarks", "理由": "reason", "点数": "points",
    "評価": "rating", "満足": "satisfaction", "解約": "churn", "離職": "attrition", "契約": "contract", "申込": "application",
    "来店": "visit", "訪問": "visit", "予約": "booking", "曜": "weekday", "日数": "days", "人": "people", "円": "yen", "額": "amount",
    "量": "amount", "値": "value", "度": "degree", "別": "by", "内": "inside", "外": "outside", "新規": "new", "既存": "existing",
    "使用": "use", "利用": "use", "生産": "production", "製造": "production", "稼働": "operation", "記録": "record", "受付": "reception",
    "経路": "channel", "問い合わせ": "inquiry", "問合せ": "inquiry", "内容": "content", "転送先": "forwarded_to", "対応": "handling",
    "対象": "subject", "プラン": "plan", "請求": "billing", "翌月": "next_month", "手続き": "procedure", "手続": "procedure",
    "者": "person", "地点": "place", "路線": "line", "曜日別": "by_weekday", "クーポン": "coupon", "来客": "visitor", "客": "customer",
    "時間帯": "time_slot", "学年": "grade", "クラス": "class", "成績": "result", "部屋": "room", "面": "side", "色": "colour", "サイズ": "size",
}
# fmt: on
_LONGEST = max(map(len, WORDS))
_SMALL = re.compile(r"[のをにがはとで・\s_()（）\[\]【】/／-]+")


def alias_of(name: str) -> str | None:
    """An English name made of known words and of what is Latin already; None where a part is not known."""
    found: list[str] = []
    for part in _SMALL.split(unicodedata.normalize("NFKC", name)):
        words = _words_of(part)
        if words is None:
            return None
        found += words
    alias = re.sub(r"[^a-z0-9_]+", "_", "_".join(found).lower()).strip("_")
    alias = re.sub(r"__+", "_", alias)
    return alias if re.match(r"[a-z]", alias) else None


def _words_of(text: str) -> list[str] | None:
    words: list[str] = []
    place = 0
    while place < len(text):
        latin = re.match(r"[A-Za-z0-9.%]+", text[place:])
        if latin:
            words.append(latin.group())
            place += latin.end()
            continue
        length = next((size for size in range(_LONGEST, 0, -1) if text[place : place + size] in WORDS), None)
        if length is None:
            return None
        words.append(WORDS[text[place : place + length]])
        place += length
    return words


def aliases_of(names: Sequence[str], *, taken: Collection[str] = ()) -> dict[str, str]:
    """A different English name for each header; column_3 where the words are not known."""
    used = set(taken)
    aliases: dict[str, str] = {}
    for number, name in enumerate(names, start=1):
        wanted = alias_of(name) or f"column_{number}"
        alias, again = wanted, 2
        while alias in used:
            alias, again = f"{wanted}_{again}", again + 1
        used.add(alias)
        aliases[name] = alias
    return aliases
