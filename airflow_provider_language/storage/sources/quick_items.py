"""Items of the rows that most rows are, in few steps."""

from __future__ import annotations

from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.inputs.fields import means_nothing
from airflow_provider_language.protocol.wire_names import is_plain
from airflow_provider_language.storage.sources.file_rows import FileRows


def quick_item(number: int, row: object, given: FileRows) -> Item | None:
    """The item of a text that can be analyzed, with its source and row number, and nothing carried over.

    Args:
        number: of the row, from 0.
        row: as files give it.
        given: the file.

    Returns:
        None where it takes more steps to tell what the row is, or what can be said against it.
    """
    if type(row) is not dict:
        return None
    text, id_, language = row.get("text"), row.get("id"), row.get("language")
    if type(text) is not str or not text or len(text) > given.takes.longest or text.isspace():
        return None
    if not text.isascii() and not _is_unicode(text):
        return None
    if language is not None and not _is_word(language):
        return None
    if id_ is None:
        name = given.place(number)
    elif _is_word(id_):
        name = given.prefix + id_
    else:
        return None
    return Item(name, text, language, None, given.name, number) if is_plain(name) else None


def _is_word(said: object) -> bool:
    return type(said) is str and is_plain(said) and not means_nothing(said)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
