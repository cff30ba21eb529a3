"""Coded lists of the profile: a code is stored and never changes its meaning, its words come from the catalogue.

Prefectures by JIS X 0401, industries by the major groups of the Japan Standard Industrial Classification (rev. 14).
Each list lets one say that none fits, and that one would rather not say.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

UNSAID = "unsaid"


class AgeBand(models.TextChoices):
    """Age in steps of ten years."""

    UNDER_20 = "10", pgettext_lazy("age", "19 or younger")
    TWENTIES = "20", pgettext_lazy("age", "20–29")
    THIRTIES = "30", pgettext_lazy("age", "30–39")
    FORTIES = "40", pgettext_lazy("age", "40–49")
    FIFTIES = "50", pgettext_lazy("age", "50–59")
    SIXTIES = "60", pgettext_lazy("age", "60–69")
    FROM_70 = "70", pgettext_lazy("age", "70 or older")
    UNSAID = UNSAID, _("Prefer not to say")


class Industry(models.TextChoices):
    """What one's employer or school does."""

    A = "A", pgettext_lazy("industry", "Agriculture and forestry")
    B = "B", pgettext_lazy("industry", "Fisheries")
    C = "C", pgettext_lazy("industry", "Mining and quarrying")
    D = "D", pgettext_lazy("industry", "Construction")
    E = "E", pgettext_lazy("industry", "Manufacturing")
    F = "F", pgettext_lazy("industry", "Electricity, gas, heat supply and water")
    G = "G", pgettext_lazy("industry", "Information and communications")
    H = "H", pgettext_lazy("industry", "Transport and postal services")
    I = "I", pgettext_lazy("industry", "Wholesale and retail trade")  # noqa: E741 - the classification's letter
    J = "J", pgettext_lazy("industry", "Finance and insurance")
    K = "K", pgettext_lazy("industry", "Real estate and goods rental")
    L = "L", pgettext_lazy("industry", "Research, professional and technical services")
    M = "M", pgettext_lazy("industry", "Accommodation, eating and drinking services")
    N = "N", pgettext_lazy("industry", "Living-related, personal and amusement services")
    O = "O", pgettext_lazy("industry", "Education and learning support")  # noqa: E741 - the same
    P = "P", pgettext_lazy("industry", "Medical care and welfare")
    Q = "Q", pgettext_lazy("industry", "Compound services (cooperatives, post offices)")
    R = "R", pgettext_lazy("industry", "Other services")
    S = "S", pgettext_lazy("industry", "Government")
    T = "T", pgettext_lazy("industry", "Cannot be classified")
    NONE = "none", pgettext_lazy("industry", "None (student, looking for work, …)")
    UNSAID = UNSAID, _("Prefer not to say")


class Occupation(models.TextChoices):
    """What one does there."""

    EXECUTIVE = "executive", pgettext_lazy("occupation", "Management, board")
    PLANNING = "planning", pgettext_lazy("occupation", "Corporate or business planning")
    SALES = "sales", pgettext_lazy("occupation", "Sales")
    MARKETING = "marketing", pgettext_lazy("occupation", "Marketing, public relations")
    CLERICAL = "clerical", pgettext_lazy("occupation", "General affairs, personnel, accounting, legal")
    PRODUCTION = "production", pgettext_lazy("occupation", "Production, quality control")
    LOGISTICS = "logistics", pgettext_lazy("occupation", "Logistics, purchasing")
    RESEARCH = "research", pgettext_lazy("occupation", "Research and development")
    ENGINEERING = "engineering", pgettext_lazy("occupation", "Engineering other than IT")
    IT = "it", pgettext_lazy("occupation", "IT: development, operation, internal systems")
    DATA = "data", pgettext_lazy("occupation", "Data analysis, data science")
    DESIGN = "design", pgettext_lazy("occupation", "Design, creative work")
    CONSULTING = "consulting", pgettext_lazy("occupation", "Consulting, licensed professions")
    SERVICE = "service", pgettext_lazy("occupation", "Shop, customer service")
    MEDICAL = "medical", pgettext_lazy("occupation", "Medical care, nursing, welfare")
    TEACHING = "teaching", pgettext_lazy("occupation", "Teaching, academic research")
    PUBLIC = "public", pgettext_lazy("occupation", "Public service")
    STUDENT = "student", pgettext_lazy("occupation", "Student")
    SEEKING = "seeking", pgettext_lazy("occupation", "Looking for work")
    OTHER = "other", pgettext_lazy("occupation", "Other")
    UNSAID = UNSAID, _("Prefer not to say")


class Prefecture(models.TextChoices):
    """Where one lives."""

    HOKKAIDO = "01", pgettext_lazy("prefecture", "Hokkaido")
    AOMORI = "02", pgettext_lazy("prefecture", "Aomori")
    IWATE = "03", pgettext_lazy("prefecture", "Iwate")
    MIYAGI = "04", pgettext_lazy("prefecture", "Miyagi")
    AKITA = "05", pgettext_lazy("prefecture", "Akita")
    YAMAGATA = "06", pgettext_lazy("prefecture", "Yamagata")
    FUKUSHIMA = "07", pgettext_lazy("prefecture", "Fukushima")
    IBARAKI = "08", pgettext_lazy("prefecture", "Ibaraki")
    TOCHIGI = "09", pgettext_lazy("prefecture", "Tochigi")
    GUNMA = "10", pgettext_lazy("prefecture", "Gunma")
    SAITAMA = "11", pgettext_lazy("prefecture", "Saitama")
    CHIBA = "12", pgettext_lazy("prefecture", "Chiba")
    TOKYO = "13", pgettext_lazy("prefecture", "Tokyo")
    KANAGAWA = "14", pgettext_lazy("prefecture", "Kanagawa")
    NIIGATA = "15", pgettext_lazy("prefecture", "Niigata")
    TOYAMA = "16", pgettext_lazy("prefecture", "Toyama")
    ISHIKAWA = "17", pgettext_lazy("prefecture", "Ishikawa")
    FUKUI = "18", pgettext_lazy("prefecture", "Fukui")
    YAMANASHI = "19", pgettext_lazy("prefecture", "Yamanashi")
    NAGANO = "20", pgettext_lazy("prefecture", "Nagano")
    GIFU = "21", pgettext_lazy("prefecture", "Gifu")
    SHIZUOKA = "22", pgettext_lazy("prefecture", "Shizuoka")
    AICHI = "23", pgettext_lazy("prefecture", "Aichi")
    MIE = "24", pgettext_lazy("prefecture", "Mie")
    SHIGA = "25", pgettext_lazy("prefecture", "Shiga")
    KYOTO = "26", pgettext_lazy("prefecture", "Kyoto")
    OSAKA = "27", pgettext_lazy("prefecture", "Osaka")
    HYOGO = "28", pgettext_lazy("prefecture", "Hyogo")
    NARA = "29", pgettext_lazy("prefecture", "Nara")
    WAKAYAMA = "30", pgettext_lazy("prefecture", "Wakayama")
    TOTTORI = "31", pgettext_lazy("prefecture", "Tottori")
    SHIMANE = "32", pgettext_lazy("prefecture", "Shimane")
    OKAYAMA = "33", pgettext_lazy("prefecture", "Okayama")
    HIROSHIMA = "34", pgettext_lazy("prefecture", "Hiroshima")
    YAMAGUCHI = "35", pgettext_lazy("prefecture", "Yamaguchi")
    TOKUSHIMA = "36", pgettext_lazy("prefecture", "Tokushima")
    KAGAWA = "37", pgettext_lazy("prefecture", "Kagawa")
    EHIME = "38", pgettext_lazy("prefecture", "Ehime")
    KOCHI = "39", pgettext_lazy("prefecture", "Kochi")
    FUKUOKA = "40", pgettext_lazy("prefecture", "Fukuoka")
    SAGA = "41", pgettext_lazy("prefecture", "Saga")
    NAGASAKI = "42", pgettext_lazy("prefecture", "Nagasaki")
    KUMAMOTO = "43", pgettext_lazy("prefecture", "Kumamoto")
    OITA = "44", pgettext_lazy("prefecture", "Oita")
    MIYAZAKI = "45", pgettext_lazy("prefecture", "Miyazaki")
    KAGOSHIMA = "46", pgettext_lazy("prefecture", "Kagoshima")
    OKINAWA = "47", pgettext_lazy("prefecture", "Okinawa")
    ABROAD = "abroad", pgettext_lazy("prefecture", "Outside Japan")
    UNSAID = UNSAID, _("Prefer not to say")
