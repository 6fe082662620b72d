"""People, places, organisations, products and events, by the shipped lists and by how names are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.engines.spans.gazetteer import (
    common_words,
    first_names,
    folded,
    last_names,
    phrases,
)
from airflow_provider_language.emulator.engines.spans.hits import HEURISTIC, LIST, PATTERN, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"[^\W\d_][\u0300-\u036f]*(?:['\u2019-]?[^\W\d_][\u0300-\u036f]*){0,60}")
_START = re.compile(r"(?:[.!?:\n\u2028][\"'\u201c\u2018(]?\s{0,4}|[\"\u201c])\Z")
_POSSESSIVE = re.compile(r"['\u2019]s\Z")
# Surnames that are dates more often: "Will May suit you?"
_DATES = frozenset({"March", "April", "May", "June", "August", "Monday", "Friday", "Summer", "Winter"})
_LOOK_BACK = 8
_MIN_SINGLE_NAME = 3
_MAX_NAME_WORDS = 6
_MAX_TITLED_WORDS = 3
_MAX_ACRONYM = 4
_TITLES = frozenset(
    {"Mr", "Mrs", "Ms", "Miss", "Dr", "Prof", "Professor", "Doctor", "Sir", "Judge", "Senator",
     "Captain", "Herr", "Frau", "Monsieur", "Madame", "Señor", "Señora", "Signor", "Signora", "Meneer",
     "Mevrouw", "Senhor", "Senhora"}
)  # fmt: skip
_PARTICLES = frozenset(
    {"de", "van", "von", "der", "den", "la", "di", "da", "dos", "del", "bin", "al", "el", "ten"}
)  # fmt: skip
_LOCATIVES = frozenset(
    {"in", "at", "from", "to", "near", "around", "across", "of", "visited", "visit", "via", "outside",
     "throughout", "leaving", "toward", "towards", "en", "à", "au", "aux", "aus", "nach", "bei", "von",
     "a", "da", "em", "no", "na", "di", "uit", "naar", "te", "de", "nel", "dal", "du", "desde", "hacia"}
)  # fmt: skip
_PLACES = frozenset({"City", "State", "CountryRegion", "Continent", "Geological", "Structural", "Airport"})
_NOT_IN_NAMES = frozenset(
    {"The", "A", "An", "This", "That", "These", "Our", "Your", "My", "His", "Her", "Their", "Its", "In",
     "At", "On", "And", "But", "Or", "If", "When", "While", "After", "Before", "For", "From", "To", "Of",
     "By", "With", "As", "I", "We", "You", "He", "She", "It", "They", "There", "Please", "Dear", "Hello",
     "Hi", "Yes", "No", "Not", "Der", "Die", "Das", "Ein", "Eine", "El", "La", "Los", "Las", "Un", "Una",
     "Le", "Les", "Une", "Il", "Lo", "O", "Os", "Het", "Een", "De"}
)  # fmt: skip

_CAPITALIZED = r"[A-ZÀ-ÖØ-Þ][\w'\u2019&-]{0,40}"
_ORGANIZATION_WORDS = (
    r"(?:Inc|Corp|Corporation|Ltd|LLC|GmbH|AG|PLC|Company|Group|Holdings|Bank|University|College|Institute"
    r"|Council|Agency|Ministry|Department|Association|Foundation|Society|Committee|Commission|Airlines|Airways"
    r"|Industries|Technologies|Solutions|Partners|Insurance|Museum|League|Orchestra|Logistics|Pharmaceuticals)"
)
_WRITTEN = {
    "Organization": re.compile(
        rf"(?<![\w-])(?:{_CAPITALIZED}(?: and | & | )){{1,4}}{_ORGANIZATION_WORDS}\b"
        r"(?:(?<=Inc)\.|(?<=Ltd)\.)?"
        r"|(?<![\w-])(?:University|Bank|Ministry|Department|Institute|Bureau|Church|College) of (?:the )?"
        rf"{_CAPITALIZED}(?: (?:and )?{_CAPITALIZED}){{0,3}}"
    ),
    "OrganizationMedical": re.compile(
        rf"(?<![\w-])(?:{_CAPITALIZED} ){{1,4}}(?:Hospital|Clinic|Medical Center)\b"
    ),
    "Airport": re.compile(rf"(?<![\w-])(?:{_CAPITALIZED} ){{1,3}}(?:International )?Airport\b"),
    "Geological": re.compile(
        rf"(?<![\w-])(?:(?:Mount|Lake) {_CAPITALIZED}"
        rf"|(?:{_CAPITALIZED} ){{1,2}}(?:River|Mountains|Islands?)\b)"
    ),
}
_ACRONYM = re.compile(r" \(([A-Z]{2,6})\)")


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int


def find(text: str, language: str) -> Iterator[Hit]:
    """Yield what looks like a name; hits may overlap.

    Args:
        text: The document.
        language: A primary subtag; single first names are not looked for in ``"de"``, which writes every
            noun with a capital.
    """
    words = [_Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
    known = list(listed(text))
    yield from known
    organizations = list(_written(text))
    yield from organizations
    yield from _acronyms(text, organizations)
    people = list(_people(text, words))
    yield from people
    yield from _mentioned_again(text, words, people)
    if language != "de":
        places = {hit.start for hit in known}
        yield from (hit for hit in _single_first_names(words) if hit.start not in places)


def listed(text: str) -> Iterator[Hit]:
    """Yield the names of the shipped lists; they do not overlap.

    Args:
        text: The document.
    """
    by_word = phrases()
    shouted = text.isupper()
    position = 0
    for match in re.finditer(r"(?<![\w'\u2019@.-])\w+", text):
        if match.start() < position or match.group() not in by_word:
            continue
        for name, kind in by_word[match.group()]:
            end = match.start() + len(name)
            if not text.startswith(name, match.start()) or _continues(text, end):
                continue
            if shouted and len(name) <= _MAX_ACRONYM:  # the words "us" and "who"
                continue
            if " " in name or _stands_for_a_name(text, match.start(), end, kind):
                yield Hit(match.start(), end, kind, LIST)
                position = end
                break


def _continues(text: str, end: int) -> bool:
    """Tell whether a word goes on after ``end``; a possessive "'s" is none of it."""
    following = text[end : end + 1]
    if following.isalnum() or following == "_":
        return True
    return following in {"-", "@"} and text[end + 1 : end + 2].isalnum()


def _stands_for_a_name(text: str, start: int, end: int, kind: str) -> bool:
    if text[start:end].lower() not in common_words():
        return True
    if kind in _PLACES:
        return _word_before(text, start) in _LOCATIVES or bool(re.match(r", [A-ZÀ-Þ]", text[end : end + 3]))
    return not _begins_sentence(text, start)


def _word_before(text: str, start: int) -> str:
    before = text[max(0, start - 20) : start].split()
    return before[-1].lower() if before and text[start - 1].isspace() else ""


def _begins_sentence(text: str, start: int) -> bool:
    return (
        text[:start].strip() == ""
        if start < _LOOK_BACK
        else bool(_START.search(text[start - _LOOK_BACK : start]))
    )


def _written(text: str) -> Iterator[Hit]:
    for kind, pattern in _WRITTEN.items():
        for match in pattern.finditer(text):
            start = match.start()
            while (first := text[start : match.end()].split(" ", 1))[0] in _NOT_IN_NAMES and len(first) > 1:
                start += len(first[0]) + 1
            if " " in text[start : match.end()]:
                yield Hit(start, match.end(), kind, HEURISTIC)


def _acronyms(text: str, organizations: list[Hit]) -> Iterator[Hit]:
    """Yield the short form in brackets behind an organisation, and where else it stands."""
    for hit in organizations:
        match = _ACRONYM.match(text, hit.end)
        if match is not None:
            for again in re.finditer(rf"(?<!\w){match.group(1)}(?!\w)", text):
                yield Hit(again.start(), again.end(), hit.type, HEURISTIC)


def _people(text: str, words: list[_Word]) -> Iterator[Hit]:
    index = 0
    while index < len(words):
        if (words[index].text in _TITLES and (hit := _titled(text, words, index))) or (
            hit := _full_name(text, words, index)
        ):
            yield hit
        else:
            index += 1
            continue
        while index < len(words) and words[index].start < hit.end:
            index += 1


def _titled(text: str, words: list[_Word], index: int) -> Hit | None:
    """Return one to three capitalised words behind a title."""
    end = index
    while end + 1 < len(words) and end - index < _MAX_TITLED_WORDS:
        gap = text[words[end].end : words[end + 1].start]
        if not _capitalized(words[end + 1].text) or gap not in ({" ", ". "} if end == index else {" "}):
            break
        end += 1
    if end == index or words[index + 1].text in _NOT_IN_NAMES | _TITLES:
        return None
    return Hit(words[index + 1].start, _name_end(words[end]), "Person", PATTERN)


def _full_name(text: str, words: list[_Word], index: int) -> Hit | None:
    """Return a known first name, more of them or initials or particles, and a surname."""
    first = words[index]
    if not _capitalized(first.text) or folded(first.text) not in first_names():
        return None
    last: _Word | None = None
    at = index + 1
    while at < len(words) and at - index < _MAX_NAME_WORDS:
        word = words[at]
        gap = text[words[at - 1].end : word.start]
        if gap not in {" ", ". "} or (gap == ". " and len(words[at - 1].text) > 1):
            break
        if _is_surname(word.text, first.text):
            last = word
        elif not (
            word.text in _PARTICLES or (len(word.text) == 1 and word.text.isupper()) or _is_first(word.text)
        ):
            break
        at += 1
    if last is not None:
        unsure = last.text in _DATES and _is_common(first.text) and _begins_sentence(text, first.start)
        return None if unsure else Hit(first.start, _name_end(last), "Person", LIST)
    follower = words[index + 1] if index + 1 < len(words) else None
    if follower is None or text[first.end : follower.start] != " " or _is_common(first.text):
        return None
    if _is_unknown_name(follower.text):
        return Hit(first.start, _name_end(follower), "Person", HEURISTIC)
    return None


def _is_middle(word: str) -> bool:
    return word in _PARTICLES or (len(word) == 1 and word.isupper()) or _is_first(word)


def _single_first_names(words: list[_Word]) -> Iterator[Hit]:
    for word in words:
        bare = _bare(word.text)
        if len(bare) < _MIN_SINGLE_NAME or bare in _NOT_IN_NAMES or _is_common(bare):
            continue
        if _capitalized(bare) and _is_first(bare):
            yield Hit(word.start, _name_end(word), "Person", HEURISTIC)


def _mentioned_again(text: str, words: list[_Word], people: list[Hit]) -> Iterator[Hit]:
    """Yield first names and surnames of people who were named in full before."""
    parts = {part for hit in people for part in text[hit.start : hit.end].split(" ")}
    for word in words:
        bare = _bare(word.text)
        if len(bare) >= _MIN_SINGLE_NAME and bare in parts and _capitalized(bare) and not _is_common(bare):
            yield Hit(word.start, _name_end(word), "Person", HEURISTIC)


def _capitalized(word: str) -> bool:
    return word[0].isupper() and not (word.isupper() and 1 < len(word) < _MIN_SINGLE_NAME)


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", word)


def _name_end(word: _Word) -> int:
    return word.start + len(_bare(word.text))


def _is_first(word: str) -> bool:
    return folded(_bare(word)) in first_names()


def _is_common(word: str) -> bool:
    return _bare(word).lower() in common_words()


def _is_surname(word: str, first: str) -> bool:
    if not _capitalized(word) or _bare(word) in _NOT_IN_NAMES or (word.isupper() and not first.isupper()):
        return False
    return any(folded(part) in last_names() for part in (_bare(word), *_bare(word).split("-")))


def _is_unknown_name(word: str) -> bool:
    bare = _bare(word)
    known = any(name == bare for name, _ in phrases().get(bare, ()))
    return (
        _capitalized(bare)
        and not bare.isupper()
        and not known
        and not _is_common(bare)
        and bare not in _NOT_IN_NAMES
    )
