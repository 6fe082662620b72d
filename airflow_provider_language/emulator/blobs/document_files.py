"""Files of native documents: their text, and files made of text."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from airflow_provider_language.emulator.engines.extras import load

SUFFIXES = (".docx", ".pdf", ".txt")
"""What the service reads (page "Native document support")."""

_TYPES = {
    ".txt": "text/plain; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# What XML cannot hold, and a text that was taken from a PDF may.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class UnsupportedFile(Exception):  # noqa: N818 - what the file is, as a client is told
    """A file is of another type than its name says, or of one that is not read."""


def suffix_of(name: str) -> str:
    """Return the suffix of a file in lower case, with its dot; empty if there is none."""
    _, dot, suffix = name.rpartition(".")
    return dot + suffix.lower()


def text_of(name: str, content: bytes) -> str:
    """Return the text of a file; paragraphs end with line feeds.

    Headers, footers and notes of a Word document are not read.

    Raises:
        UnsupportedFile: It is no file of its type.
        MissingEngine: A library of the ``emulator`` extra is not installed.
    """
    readers = {".txt": _plain_text, ".docx": _word_text, ".pdf": _pdf_text}
    read = readers.get(suffix_of(name))
    if read is None:
        raise UnsupportedFile(f"Unsupported file type. Supported types: {', '.join(SUFFIXES)}.")
    return read(content)


def redacted_suffix(name: str) -> str:
    """Return the type of the file that a redacted one is written as.

    A PDF becomes a Word document, as in the sample of the page "Native document support".
    """
    return ".txt" if suffix_of(name) == ".txt" else ".docx"


def content_type(suffix: str) -> str:
    """Return the media type of a file that is written."""
    return _TYPES[suffix]


def file_of(suffix: str, text: str) -> bytes:
    """Return a file that holds a text and nothing else.

    Args:
        suffix: ``".txt"`` or ``".docx"``.
        text: The text; each line becomes a paragraph.

    Raises:
        MissingEngine: A library of the ``emulator`` extra is not installed.
    """
    if suffix == ".txt":
        return text.encode()
    document = load("docx").Document()
    for line in _NO_XML.sub("", text).split("\n"):
        document.add_paragraph(line)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _plain_text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnsupportedFile("The text file is not in UTF-8.") from error


def _word_text(content: bytes) -> str:
    document = _opened("docx", "Document", content)
    # In the order of the body, those in tables too.
    paragraphs = document.element.body.iter(f"{_WORDS}p")
    return "\n".join("".join(_run_text(node) for node in paragraph.iter()) for paragraph in paragraphs)


def _run_text(node: Any) -> str:
    if node.tag == f"{_WORDS}t":
        return node.text or ""
    return {f"{_WORDS}tab": "\t", f"{_WORDS}br": "\n"}.get(node.tag, "")


def _pdf_text(content: bytes) -> str:
    reader = _opened("pypdf", "PdfReader", content)
    try:
        return "\n".join(page.extract_text() for page in reader.pages)
    except Exception as error:
        raise UnsupportedFile("The file is no PDF that can be read.") from error


def _opened(module: str, function: str, content: bytes) -> Any:
    opener = getattr(load(module), function)
    try:
        return opener(BytesIO(content))
    except Exception as error:  # these libraries let out whatever they meet in a broken file
        raise UnsupportedFile("The file is not what its name says.") from error
