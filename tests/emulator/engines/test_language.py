"""Language detection."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from airflow_provider_language.emulator.engines import DetectedLanguage, detect_language

from .texts import TEXTS

# Written for this test, one short sentence a language; a misread one would fail it.
SENTENCES = {
    ("English", "en"): "The parcel arrived two days late and the box was wet.",
    ("Spanish", "es"): "El paquete llegó dos días tarde y la caja estaba mojada.",
    ("French", "fr"): "Le colis est arrivé deux jours en retard et la boîte était mouillée.",
    ("German", "de"): "Das Paket kam zwei Tage zu spät und der Karton war nass.",
    ("Italian", "it"): "Il pacco è arrivato due giorni dopo e la scatola era bagnata.",
    ("Portuguese", "pt"): "A encomenda chegou dois dias atrasada e a caixa estava molhada.",
    ("Dutch", "nl"): "Het pakket kwam twee dagen te laat en de doos was nat.",
    ("Polish", "pl"): "Paczka przyszła dwa dni za późno, a pudełko było mokre.",
    ("Czech", "cs"): "Balík dorazil o dva dny později a krabice byla mokrá.",
    ("Swedish", "sv"): "Paketet kom två dagar för sent och lådan var blöt.",
    ("Finnish", "fi"): "Paketti saapui kaksi päivää myöhässä ja laatikko oli märkä.",
    ("Turkish", "tr"): "Paket iki gün geç geldi ve kutu ıslaktı.",  # noqa: RUF001 - the letters of the language
    ("Russian", "ru"): "Посылка пришла на два дня позже, и коробка была мокрой.",
    ("Greek", "el"): "Το δέμα έφτασε δύο μέρες αργότερα και το κουτί ήταν βρεγμένο.",  # noqa: RUF001 - the letters of the language
    ("Hebrew", "he"): "החבילה הגיעה באיחור של יומיים והקופסה הייתה רטובה.",
    ("Arabic", "ar"): "وصل الطرد متأخرا يومين وكان الصندوق مبللا.",
    ("Hindi", "hi"): "पार्सल दो दिन देर से आया और डिब्बा गीला था।",
    ("Japanese", "ja"): "荷物は二日遅れて届き、箱は濡れていました。",
    ("Korean", "ko"): "소포가 이틀 늦게 도착했고 상자는 젖어 있었습니다.",
    ("Chinese_Simplified", "zh_chs"): "包裹晚了两天才到，箱子也湿了，这让我们很失望。",  # noqa: RUF001 - the letters of the language
    ("Chinese_Traditional", "zh_cht"): "包裹晚了兩天才到，箱子也濕了，這讓我們很失望。",  # noqa: RUF001 - the letters of the language
}


@pytest.mark.parametrize(("expected", "text"), SENTENCES.items(), ids=[code for _, code in SENTENCES])
def test_a_sentence_is_named_as_the_service_names_its_language(expected: tuple[str, str], text: str) -> None:
    detected = detect_language(text)
    assert (detected.name, detected.iso6391_name) == expected
    assert 0.5 < detected.confidence <= 1.0


@pytest.mark.parametrize("text", [":)", "12.5 %", " ", "", "\U0001f44d\U0001f3fd", "\ud800"])
def test_a_text_without_a_letter_is_unknown(text: str) -> None:
    assert detect_language(text) == DetectedLanguage("(Unknown)", "(Unknown)", 0.0)


def test_the_language_of_most_of_a_long_text_counts_not_that_of_its_start() -> None:
    text = "Hello world. " + "Das Paket kam zwei Tage zu spät und der Karton war nass. " * 20
    assert detect_language(text).iso6391_name == "de"


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_any_text_has_an_answer(text: str) -> None:
    detected = detect_language(text)
    assert detected.name
    assert detected.iso6391_name
    assert 0.0 <= detected.confidence <= 1.0
    assert detected == detect_language(text)
