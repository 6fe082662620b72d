"""Surface forms that were found in some documents, and where they stand in others without having been.

They are personal data: they are held in memory, and told to nobody.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from airflow_provider_language.protocol.redaction.policies import RedactionPolicy
from airflow_provider_language.protocol.redaction.spans import Span, Stretch
from airflow_provider_language.protocol.redaction.spelling import normalised
from airflow_provider_language.protocol.redaction.words import NormalForms, words_in

MOST_FORMS = 100_000
"""That are looked for: some 50 MB."""
LONGEST = 200
"""Characters of one."""
_BETWEEN = "\n"
"""Words of a form; there is none in their normal forms."""


class FoundForms:
    """Takes documents with what was found in them, and keeps the surface forms that are to be looked for.

    Args:
        policy: which says what forms these are.
        most: of them; those that come up later are not kept.

    Attributes:
        left_out: findings whose form was not kept, since there were so many.
    """

    def __init__(self, policy: RedactionPolicy, most: int = MOST_FORMS) -> None:
        self._policy = policy
        self._wanted = policy.looked_for
        self._most = most
        self._normal = NormalForms()
        self._documents: Counter[str] = Counter()
        self._categories: Counter[tuple[str, str]] = Counter()
        self.left_out = 0

    def take(self, text: str, spans: Iterable[Span]) -> None:
        """Take a document."""
        found: dict[tuple[str, str], None] = {}  # in the order of the findings, which says what is kept
        for span in spans:
            form = self._form(text, span)
            if form is not None:
                found[form, span.category] = None
        for form in dict.fromkeys(form for form, _ in found):
            if form in self._documents or len(self._documents) < self._most:
                self._documents[form] += 1
            else:
                self.left_out += 1
        self._categories.update(pair for pair in found if pair[0] in self._documents)

    def _form(self, text: str, span: Span) -> str | None:
        """The form of a finding; None of one that is not to be looked for."""
        wanted = self._wanted
        is_sure = span.confidence is not None and span.confidence >= wanted.confidence
        if not is_sure or not self._policy.is_looked_for(span.category):
            return None
        surface = text[span.begin : span.end].strip()
        if len(surface) > LONGEST or len(normalised(surface)) < wanted.shortest:
            return None
        return _BETWEEN.join(map(self._normal.__getitem__, words_in(surface)))

    @property
    def documents(self) -> Mapping[str, int]:
        """In how many documents each form was found."""
        return self._documents

    @property
    def categories(self) -> dict[str, str]:
        """The category of each form: the one that it was found as most; of several, the first by name."""
        found: dict[str, str] = {}
        for (form, category), _ in sorted(self._categories.items(), key=lambda one: (-one[1], one[0][1])):
            found.setdefault(form, category)
        return found


class FormSearch:
    """Looks for forms in texts, word by word, in time that grows with the text and not with the forms.

    Args:
        categories: of each form.
    """

    def __init__(self, categories: Mapping[str, str]) -> None:
        self.categories = categories
        self._normal = NormalForms()
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for form in categories:
            words = form.split(_BETWEEN)
            lengths[words[0]].add(len(words))
        self._lengths = {first: sorted(of_it) for first, of_it in lengths.items()}

    def found(self, text: str, hidden: Sequence[Stretch]) -> Iterator[tuple[int, int, str]]:
        """Begin, end and form of each place at which one stands, in the order of the text.

        Args:
            text: of a document.
            hidden: stretches that are redacted, in their order; what shares a character with one is passed.
        """
        words = words_in(text)
        normal = list(map(self._normal.__getitem__, words))
        places = [place for place, word in enumerate(normal) if word in self._lengths]
        if not places:
            return
        offsets = list(accumulate(map(len, words), initial=0))
        for place in places:
            for length in self._lengths[normal[place]]:
                form = _BETWEEN.join(normal[place : place + length])
                if place + length <= len(words) and form in self.categories:
                    begin, end = offsets[place], offsets[place + length]
                    if _is_free(begin, end, hidden):
                        yield begin, end, form

    def suggestions(self, text: str, hidden: Sequence[Stretch]) -> list[Span]:
        """What is suggested to be redacted in a text, too: all that is found, but for what is within others.

        Args:
            text: of a document.
            hidden: stretches that are redacted, in their order.
        """
        spans: list[Span] = []
        places = sorted(self.found(text, hidden), key=lambda one: (one[0], -one[1]))
        for begin, end, form in places:
            if not spans or end > spans[-1].end:
                spans.append(Span(begin, end, self.categories[form]))
        return spans


def _is_free(begin: int, end: int, hidden: Sequence[Stretch]) -> bool:
    place = bisect_right(hidden, begin, key=lambda stretch: stretch.end)
    return place == len(hidden) or hidden[place].begin >= end


class MissedForms:
    """Takes the same documents once more, and counts in how many each form stands without being found there.

    Args:
        found: the forms.
        misses_per_finding: documents of the former kind for each of the latter, at most, so that a form is
            not taken for an ordinary word.

    Attributes:
        ordinary: forms that are.
    """

    def __init__(self, found: FoundForms, misses_per_finding: int) -> None:
        self._found = found
        self._most = misses_per_finding
        self._search = FormSearch(found.categories)
        self._missed: Counter[str] = Counter()
        self.ordinary = 0

    def take(self, text: str, hidden: Sequence[Stretch]) -> None:
        """Take a document."""
        self._missed.update({form for _, _, form in self._search.found(text, hidden)})

    def search(self) -> FormSearch:
        """What looks for all forms that are no ordinary words."""
        kept = {
            form: category
            for form, category in self._search.categories.items()
            if self._missed[form] <= self._most * self._found.documents[form]
        }
        self.ordinary = len(self._search.categories) - len(kept)
        return FormSearch(kept)
