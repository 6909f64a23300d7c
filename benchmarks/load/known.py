"""What was sent to a service under load, and whether its answers agree with that."""

from collections.abc import Iterable, Mapping
from typing import Any

from index.article import revision_of

Document = Mapping[str, Any]


class Known:
    """The texts that any client has sent, by their revisions."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def add(self, text: str) -> str:
        """Remember a text before it is sent; its revision."""
        revision = revision_of(text)
        self._texts[revision] = text
        return revision

    def wrong_in_answer(self, answer: Document, revision: str | None = None) -> str | None:
        """What is wrong with an answer, of which all must be quoted from ``revision`` if given."""
        cited = _citations(answer)
        for citation in cited:
            wrong = self._wrong_in_citation(citation, revision)
            if wrong:
                return wrong
        quotes = [citation["quote"] for citation in answer["citations"]]
        if answer["answered"] and answer["answer"] not in quotes:
            return f"the answer {answer['answer']!r} is none of its citations' quotes"
        if not answer["answered"] and (quotes or answer["answer"] or not answer["reason"]):
            return "what is not answered has an answer, citations or no reason"
        return self.wrong_in_passages(answer["passages"], revision)

    def wrong_in_passages(
        self, passages: Iterable[Document], revision: str | None = None
    ) -> str | None:
        """The first passage that does not stand in its text, or in any if that is not known."""
        texts = [self._texts[revision]] if revision else list(self._texts.values())
        for passage in passages:
            start, end = passage["start"], passage["end"]
            if not any(text[start:end] == passage["text"] for text in texts):
                return f"the passage {passage['text']!r} stands in no text at {start}"
        return None

    def _wrong_in_citation(self, citation: Document, revision: str | None) -> str | None:
        if revision and citation["revision"] != revision:
            return f"the citation is of {citation['revision']}, and the text now is {revision}"
        text = self._texts.get(citation["revision"])
        if text is None:
            return f"the citation is of a text that nobody sent: {citation['revision']}"
        sentence = citation["sentence"]
        for part, words in ((citation, citation["quote"]), (sentence, sentence["text"])):
            if text[part["start"] : part["end"]] != words:
                return f"{words!r} does not stand in its text at {part['start']}"
        return None


def citations(answer: Document) -> int:
    """How many citations there are to verify."""
    return len(_citations(answer))


def _citations(answer: Document) -> list[Document]:
    alternatives = (alternative["citations"] for alternative in answer["alternatives"])
    return [*answer["citations"], *(citation for some in alternatives for citation in some)]
