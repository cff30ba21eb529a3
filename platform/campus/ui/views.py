"""The living page of all components."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from campus.ui.pagination import page_of


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
    file = forms.FileField(label="ファイル / File", required=False)
    agree = forms.BooleanField(label="同意する / I agree")


def components(request: HttpRequest) -> HttpResponse:
    """Show every component once; the form is shown with its errors after it was sent."""
    form = ExampleForm(request.POST or None)
    form.is_valid()
    now = timezone.now()
    context = {
        "form": form,
        "button_kinds": ("", "outline", "text", "danger", "danger outline"),
        "page": page_of(request, range(1, 1001), per_page=20),
        "now": now,
        "later": now + timedelta(days=12, hours=1),
        "soon": now + timedelta(hours=5, minutes=1),
    }
    return render(request, "ui/components.html", context)


def example_figures(_request: HttpRequest) -> JsonResponse:
    """Figures for the example chart."""
    return JsonResponse(
        {
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
    )
