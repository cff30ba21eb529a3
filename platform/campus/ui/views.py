"""The living page of all components."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from campus.ui.fields import DayField
from campus.ui.lists import Column, Filter, MemoryListing


class ExampleForm(forms.Form):
    """One field of each sort."""

    title = forms.CharField(
        label="題名 / Title", help_text="20文字以内で入力してください。/ At most 20 characters.", max_length=20
    )
    body = forms.CharField(label="本文 / Text", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="種類 / Kind", choices=[("a", "需要予測"), ("b", "在庫最適化")])
    track = forms.ChoiceField(
        label="コース / Track", choices=[("1", "AI実装"), ("2", "データ駆動型変革")], widget=forms.RadioSelect
    )
    skills = forms.MultipleChoiceField(
        label="スキル / Skills",
        choices=[("data", "データ分析"), ("ai", "AI実装")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    day = DayField(label="日付 / Day", required=False)
    file = forms.FileField(label="ファイル / File", required=False)
    agree = forms.BooleanField(label="同意する / I agree")
    fixed = forms.CharField(
        label="変更できない項目 / Disabled", disabled=True, required=False, initial="開始後は変更できません"
    )


@dataclass(frozen=True)
class ExampleRow:
    """A row of the example list."""

    number: int
    name: str
    score: float


class ExampleFilter(Filter):
    """By a part of the name."""

    name = forms.CharField(label="名前 / Name", max_length=20)

    def narrow(self, rows: Sequence[ExampleRow]) -> Sequence[ExampleRow]:
        return [row for row in rows if self.cleaned_data["name"] in row.name]


def example_listing(request: HttpRequest) -> MemoryListing:
    """A list with filters, sorting and pages."""
    rows = [ExampleRow(number, f"受講生 {number:02}", 0.2 + number * 37 % 50 / 100) for number in range(1, 51)]
    columns = [
        Column("name", "名前 / Name", lambda row: row.name, sort=lambda row: row.name),
        Column("score", "WAPE", lambda row: round(row.score, 2), sort=lambda row: row.score, is_number=True),
    ]
    filters = ExampleFilter(request.GET)
    return MemoryListing(request, rows, columns=columns, name="example", order=[], filters=filters, per_page=10)


FIGURES = {
    "kind": "line",
    "x": "提出 / Submission",
    "y": "WAPE",
    "labels": [1, 2, 3, 4, 5],
    "series": [
        {"name": "暫定スコア", "values": [0.41, 0.38, None, 0.31, 0.29]},
        {"name": "ベースライン", "values": [0.36, 0.36, 0.36, 0.36, 0.36]},
    ],
    "summary": "誤差が0.41から0.29に下がりました。",
}
FIGURES_AT_HAND = {
    "kind": "bar",
    "y": "人数 / People",
    "labels": ["課題・要求定義", "PoC要件定義", "モデル開発"],
    "series": [{"name": "提出済み", "values": [58, 51, 40]}, {"name": "未提出", "values": [2, 9, 20]}],
    "across": True,
    "stacked": True,
    "summary": "モデル開発まで40人が提出しました。",
}


def components(request: HttpRequest) -> HttpResponse:
    """Show every component once; a form stands there fresh, and with its errors."""
    now = timezone.now()
    context: dict[str, Any] = {
        "form": ExampleForm(prefix="fresh"),
        "refused": ExampleForm({"title": "長" * 21}),
        "listing": example_listing(request),
        "button_kinds": ("", "outline", "text", "danger", "danger outline"),
        "now": now,
        "figures_at_hand": FIGURES_AT_HAND,
        "later": now + timedelta(days=12, hours=1),
        "soon": now + timedelta(hours=5, minutes=1),
    }
    return render(request, "ui/components.html", context)


def example_figures(_request: HttpRequest) -> JsonResponse:
    """Figures for the example chart."""
    return JsonResponse(FIGURES)
