"""Files as somebody might put them into blob storage."""

from __future__ import annotations

from io import BytesIO

import docx
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


def word_file() -> bytes:
    """Return a Word document with a paragraph in a table between two others."""
    document = docx.Document()
    document.add_paragraph("First ").add_run("paragraph.").bold = True
    document.add_table(1, 1).cell(0, 0).text = "In a table."
    document.add_paragraph("Last\tparagraph.")
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def pdf_file(text: str) -> bytes:
    """Return a PDF of one page with one line."""
    writer = PdfWriter()
    page = writer.add_blank_page(400, 200)
    name = NameObject
    font = DictionaryObject(
        {
            name("/Type"): name("/Font"),
            name("/Subtype"): name("/Type1"),
            name("/BaseFont"): name("/Helvetica"),
        }
    )
    page[name("/Resources")] = DictionaryObject({name("/Font"): DictionaryObject({name("/F1"): font})})
    content = DecodedStreamObject()
    content.set_data(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode())
    page[name("/Contents")] = writer._add_object(content)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()
