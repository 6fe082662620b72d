"""Opinion mining: which words judge (assessments) and what they judge (targets), in English sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from airflow_provider_language.emulator.engines.words.syntax import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_language.emulator.engines.words.text import Sentence

# Weaker words of the lexicon ("natural", "certain") seldom judge anything.
_JUDGING_VALENCE = 0.8
_NEGATIONS = frozenset({"not", "n't", "no", "never", "hardly", "barely", "without", "neither", "nor"})
_NEGATION_REACH = 4
_CLAUSE_ENDS = frozenset({".", ":", "(", ")"})
_CONTRASTS = frozenset({"but", "although", "though", "while", "whereas", "however", "yet", "because"})
_COPULAS = frozenset({"be", "is", "are", "was", "were", "been", "being", "'s", "'re"})
_SCORES = {
    "positive": {"positive": 0.9, "negative": 0.1},
    "mixed": {"positive": 0.5, "negative": 0.5},
    "negative": {"positive": 0.1, "negative": 0.9},
}


_Tokens: TypeAlias = "tuple[Token, ...]"


@dataclass(frozen=True)
class _Assessment:
    token: Token
    sentiment: str
    negated: bool
    targets: tuple[_Tokens, ...]


def mine(sentence: Sentence, position: int, valences: Mapping[str, float]) -> dict[str, Any]:
    """Return the opinions of one sentence.

    As at the service only pairs are reported: an assessment without a target is none. The sentiment of an
    assessment is that of the statement, so a negated "good" is negative.

    Args:
        sentence: The sentence.
        position: Its number in the document, from 0.
        valences: Judging words in lower case and their valence from -4 to 4.

    Returns:
        ``targets`` and ``assessments``; their refs name document 0, see `refs.renumber`.
    """
    found = [
        assessment
        for clause in _clauses(tokens(sentence))
        for assessment in _assessments(clause, valences)
        if assessment.targets
    ]
    return {
        "targets": _targets(found, sentence, position),
        "assessments": [
            {
                "sentiment": assessment.sentiment,
                "confidenceScores": dict(_SCORES[assessment.sentiment]),
                **_span((assessment.token,), sentence),
                "isNegated": assessment.negated,
            }
            for assessment in found
        ],
    }


def _targets(found: list[_Assessment], sentence: Sentence, position: int) -> list[dict[str, Any]]:
    judged: dict[_Tokens, list[int]] = {}
    for number, assessment in enumerate(found):
        for target in assessment.targets:
            judged.setdefault(target, []).append(number)
    results = []
    for target in sorted(judged, key=lambda words: words[0].offset):
        sentiments = {found[number].sentiment for number in judged[target]}
        sentiment = sentiments.pop() if len(sentiments) == 1 else "mixed"
        refs = [f"#/documents/0/sentences/{position}/assessments/{number}" for number in judged[target]]
        results.append(
            {
                "sentiment": sentiment,
                "confidenceScores": dict(_SCORES[sentiment]),
                **_span(target, sentence),
                "relations": [{"relationType": "assessment", "ref": ref} for ref in refs],
            }
        )
    return results


def _span(words: _Tokens, sentence: Sentence) -> dict[str, Any]:
    start, end = words[0].offset, words[-1].end
    text = sentence.text[start - sentence.offset : end - sentence.offset]
    return {"offset": start, "length": end - start, "text": text}


def _clauses(words: list[Token]) -> list[list[Token]]:
    clauses: list[list[Token]] = [[]]
    for word in words:
        if word.tag in _CLAUSE_ENDS or word.lower in _CONTRASTS:
            clauses.append([])
        else:
            clauses[-1].append(word)
    return clauses


def _assessments(clause: list[Token], valences: Mapping[str, float]) -> list[_Assessment]:
    found = []
    for index, word in enumerate(clause):
        valence = valences.get(word.lower, 0.0)
        if abs(valence) < _JUDGING_VALENCE or word.lower in _NEGATIONS:
            continue
        reach = clause[max(0, index - _NEGATION_REACH) : index]
        negated = any(before.lower in _NEGATIONS for before in reach)
        sentiment = "positive" if (valence > 0) != negated else "negative"
        found.append(_Assessment(word, sentiment, negated, tuple(_judged(clause, index))))
    return found


def _judged(clause: list[Token], index: int) -> list[_Tokens]:
    """Return the targets of the judging word at ``index``."""
    word = clause[index]
    if word.tag.startswith("NN"):
        return _subjects(clause, index) if _is_copular(clause, index) else []
    if word.tag.startswith(("JJ", "VB")) or _is_verb_like(clause, index):
        object_ = _nouns_after(clause, index + 1)
        if object_:
            return [object_]
    if word.tag.startswith(("JJ", "VB", "RB")):
        return _subjects(clause, index) or _complement(clause, index)
    return []


def _is_verb_like(clause: list[Token], index: int) -> bool:
    """Tell the verb "like", which the tagger takes for a preposition, after a pronoun or an auxiliary."""
    return (
        clause[index].lower == "like"
        and index > 0
        and clause[index - 1].tag.startswith(("PRP", "RB", "MD", "VBD", "VBP"))
        and clause[index - 1].lower not in _COPULAS
    )


def _is_copular(clause: list[Token], index: int) -> bool:
    """Tell whether only determiners and modifiers stand between a form of "be" and the noun."""
    for word in reversed(clause[:index]):
        if word.lower in _COPULAS:
            return True
        if not word.tag.startswith(("DT", "JJ", "RB", "PRP$")):
            return False
    return False


def _nouns_after(clause: list[Token], start: int) -> _Tokens:
    """Return the nouns of the phrase at ``start``, past its determiners and adjectives."""
    index = start
    while index < len(clause) and clause[index].tag.startswith(("DT", "PRP$", "JJ", "CD")):
        index += 1
    if index + 1 < len(clause) and clause[index].tag == "VBG" and clause[index + 1].tag.startswith("NN"):
        first, index = index, index + 1
    else:
        first = index
    while index < len(clause) and clause[index].tag.startswith("NN"):
        index += 1
    return tuple(clause[first:index])


def _complement(clause: list[Token], index: int) -> list[_Tokens]:
    """Return what follows the preposition: "happy with the service"."""
    if index + 1 < len(clause) and clause[index + 1].tag in {"IN", "TO"}:
        nouns = _nouns_after(clause, index + 2)
        return [nouns] if nouns else []
    return []


def _subjects(clause: list[Token], index: int) -> list[_Tokens]:
    """Return the nouns before the verb that governs the word: "the food and the service were ..."."""
    verb = next((i for i in range(index, -1, -1) if clause[i].tag.startswith(("VB", "MD"))), None)
    if verb is None:
        return []
    end = verb
    while end and clause[end - 1].tag.startswith(("VB", "MD", "RB")):
        end -= 1
    subjects: list[_Tokens] = []
    while end:
        start = end
        while start and clause[start - 1].tag.startswith("NN"):
            start -= 1
        if start < end:
            subjects.insert(0, tuple(clause[start:end]))
        while start and clause[start - 1].tag.startswith(("DT", "JJ", "PRP$", "CD")):
            start -= 1
        if not start or clause[start - 1].tag not in {"CC", "IN", ","}:
            break
        if clause[start - 1].tag == "IN":
            subjects = []  # "the staff at the hotel": the head comes before the preposition
        end = start - 1
    return subjects
