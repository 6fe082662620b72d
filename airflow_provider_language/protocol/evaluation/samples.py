"""A labelled sample: documents of which a person has said what personal data is in them, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.categories import WHOLE
from airflow_provider_language.protocol.inputs.near_misses import meant
from airflow_provider_language.protocol.jobs.string_units import code_points
from airflow_provider_language.protocol.json_values import JsonObject, objects_in, text_or_none
from airflow_provider_language.protocol.redaction.entities import spans_in
from airflow_provider_language.protocol.redaction.policies import CATEGORIES
from airflow_provider_language.protocol.redaction.spans import Span

UNKNOWN_LANGUAGE = "und"
"""Of documents that name none, as ISO 639-2 calls it."""


@dataclass(frozen=True)
class LabelledDocument:
    """A document of a sample.

    Args:
        id: of the document, under which its findings are found.
        language: as the sample tells it.
        characters: code points of its text.
        text: to check the places by; None where the sample keeps none.
        labels: what is in it, and where.
        note: of the sample, such as what it was made for; it is told beside all figures.
    """

    id: str
    language: str
    characters: int
    text: str | None
    labels: tuple[Span, ...]
    note: str | None = None

    def spans(self, entities: Iterable[JsonObject]) -> tuple[Span, ...]:
        """The places of what was found in the document.

        Args:
            entities: in the service's words, with offsets in code points.

        Raises:
            InvalidInputError: they do not fit the document: another text was analyzed under its id.
        """
        if self.text is not None:
            return tuple(spans_in(entities, self.text, code_points))
        placed = ({name: one[name] for name in one if name != "text"} for one in entities)
        return tuple(spans_in(placed, "x" * self.characters, code_points))


def labelled_from(said: JsonObject, where: str) -> LabelledDocument:
    """The document that a line of a sample says.

    Args:
        said: ``id``, ``text`` (or ``characters``, of a sample without texts), ``entities`` with ``category``,
            ``offset`` and ``length`` in code points, and perhaps their ``text``; ``language`` and ``note``
            may be there.
        where: it stands, for messages, which have no text.

    Raises:
        InvalidInputError: it says no document, or its entities are not in its text.
    """
    id_, text = text_or_none(said.get("id")), text_or_none(said.get("text"))
    characters = said.get("characters") if text is None else len(text)
    if not id_ or type(characters) is not int or characters < 0:
        raise InvalidInputError(f"{where} is no labelled document, which has id, text and entities.")
    entities = objects_in(said.get("entities"))
    if not isinstance(said.get("entities"), list) or len(entities) != len(_listed(said)):
        raise InvalidInputError(
            f"{where} has no list of entities, which is empty where nothing is to be found."
        )
    for entity in entities:
        _check_category(entity.get("category"), where)
    language = text_or_none(said.get("language")) or UNKNOWN_LANGUAGE
    bare = LabelledDocument(id_, language, characters, text, (), text_or_none(said.get("note")))
    try:
        labels = bare.spans(entities)
    except InvalidInputError as error:
        raise InvalidInputError(f"{where}: {error.message}") from None
    return LabelledDocument(id_, language, characters, text, labels, bare.note)


def _listed(said: JsonObject) -> list[object]:
    entities = said.get("entities")
    return list(entities) if isinstance(entities, list) else []


def _check_category(said: object, where: str) -> None:
    if not isinstance(said, str) or said in WHOLE or said not in CATEGORIES:
        raise InvalidInputError(
            f"{where} has {said!r:.60}, which is no category of personal data"
            f"{meant(str(said), CATEGORIES) or '.'}"
        )
