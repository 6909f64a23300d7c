"""Conversations as a Word file."""

import io

from docx import Document
from fastapi.testclient import TestClient

from qa.http.routes.exports import MEDIA_TYPE


def test_a_conversation_becomes_headings_quotes_and_sources(client: TestClient) -> None:
    quote = {"before": "It ", "quote": "leaves\x0c", "after": " at noon.", "sources": ["Harbour"]}
    turn = {"question": "When?", "note": "", "quotes": [{**quote, "note": "Likely right"}]}
    given = {"conversations": [{"title": "<b>Ferry</b>", "turns": [turn]}]}
    response = client.post("/v1/export/docx", json=given)
    assert response.headers["content-type"] == MEDIA_TYPE
    paragraphs = Document(io.BytesIO(response.content)).paragraphs
    texts = [paragraph.text for paragraph in paragraphs]
    assert texts == ["<b>Ferry</b>", "When?", "It leaves\ufffd at noon.", "Likely right", "Harbour"]
    (marked,) = [run for one in paragraphs for run in one.runs if run.font.highlight_color]
    assert (marked.text, marked.bold) == ("leaves\ufffd", True)


def test_an_unknown_field_is_refused_by_its_name(client: TestClient) -> None:
    response = client.post("/v1/export/docx", json={"conversations": [], "form": "pdf"})
    assert response.status_code == 422
    assert response.json()["field"] == "form"
