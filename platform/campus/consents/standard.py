"""The texts that a first draft starts from, in both languages. An organiser adapts them and has them checked."""

from typing import Any

from campus.consents.models import Kind

STANDARD_INTRO = {
    "ja": "ご参加にあたり、次の内容をお読みのうえ、同意いただける項目にチェックを入れてください。"
    "任意の項目は、同意しなくても参加できます。あとからアカウント設定で取り消すこともできます。",
    "en": "Before you begin, please read the following and tick what you agree to. Optional items aren’t needed to "
    "take part, and you can take your consent to them back later in your account settings.",
}
STANDARD_ITEMS: list[dict[str, Any]] = [
    {
        "kind": Kind.TERMS,
        "is_required": True,
        "title_ja": "参加規約",
        "title_en": "Terms of participation",
        "text_ja": "教材とデータは学習のためだけに使い、開催期の外に公開しません。\n"
        "ほかの参加者を尊重し、提出物には自分またはチームで取り組みます。生成AIを使ったときは、その使い方を正直に書きます。\n"
        "ほかの参加者の個人情報や提出物を、本人の同意なく外部に公開しません。",
        "text_en": "I will use the cases and their data only for learning, and will not publish them outside the "
        "cohort.\n"
        "I will treat others with respect, hand in only my own or my team’s work, and say honestly how I used "
        "generative AI.\n"
        "I will not publish other people’s personal data or work without their consent.",
    },
    {
        "kind": Kind.PRIVACY,
        "is_required": True,
        "title_ja": "個人情報の取扱い",
        "title_en": "Handling of personal data",
        "text_ja": "事務局は、登録された情報と学習の記録を、プログラムの運営、学習の支援、修了の判定、"
        "修了証とデジタルバッジの発行、個人を特定できない統計の作成のために使います。\n"
        "どの項目が誰に表示されるかは、アカウント設定の「公開範囲」で確かめられます。\n"
        "データの写しはいつでも受け取れます。退会すると個人情報は削除されます。",
        "text_en": "The organiser uses the information you register and the records of your learning to run the "
        "programme, support your learning, decide on completion, issue certificates and badges, and produce statistics "
        "that identify nobody.\n"
        "“Who sees what” in your account settings shows who can see each field.\n"
        "You can get a copy of your data at any time. When you leave the site, your personal data is deleted.",
    },
    {
        "kind": Kind.FOLLOW_UP,
        "is_required": True,
        "title_ja": "修了後のアンケート",
        "title_en": "Survey after the end",
        "text_ja": "終了から6か月後と12か月後に、その後の活動についてメールでアンケートをお願いします。"
        "回答はプログラムの成果の把握と改善のために使い、公表するときは個人を特定できない形にします。",
        "text_en": "Six and twelve months after the end, we will email you a survey about what you have done since. We "
        "use the answers to see what the programme achieves and to improve it; nothing we publish identifies anybody.",
    },
    {
        "kind": Kind.PUBLICATION,
        "is_required": False,
        "title_ja": "上位の解法の公開",
        "title_en": "Publication of top solutions",
        "text_ja": "提出物が上位の解法や優れた提案に選ばれたとき、氏名またはニックネームとともに"
        "同じ開催期の参加者に公開し、学びの材料として使うことに同意します。",
        "text_en": "If my work is among the top solutions or best proposals, it may be shown to the other participants "
        "of the cohort under my name or nickname, so that they can learn from it.",
    },
]
