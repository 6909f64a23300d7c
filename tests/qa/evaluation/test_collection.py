"""Collections: a data set's paragraphs in a library, its questions with their places."""

from pathlib import Path

import pytest

from index.errors import InputError
from index.ingest.loading import draft_of_text
from index.sqlite.library import SQLiteLibrary
from qa.evaluation.collection import collected, drafts, questions, read_dataset
from qa.evaluation.dataset import Dataset
from tests.fakes import WordEmbedder

DATA = Path(__file__).parents[2] / "data" / "squad"
SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture
def dataset() -> Dataset:
    return read_dataset(DATA / "small-1.1.json", SEEDS)


def test_in_the_library_setting_each_article_is_one_with_all_its_paragraphs(
    dataset: Dataset,
) -> None:
    made = list(drafts(dataset, "library"))
    assert [(draft.title, len(draft.paragraphs)) for draft in made] == [
        ("Lighthouse", 1),
        ("Bread", 2),
    ]


def test_in_the_passage_setting_each_paragraph_is_an_article(dataset: Dataset) -> None:
    assert [len(draft.paragraphs) for draft in drafts(dataset, "passage")] == [1, 1, 1]


@pytest.mark.parametrize("setting", ["library", "passage"])
def test_paragraphs_are_the_contexts_to_the_letter(dataset: Dataset, setting: str) -> None:
    made = [
        paragraph.span.of(draft.text)
        for draft in drafts(dataset, "library" if setting == "library" else "passage")
        for paragraph in draft.paragraphs
    ]
    assert made == [p.context for article in dataset.articles for p in article.paragraphs]


@pytest.mark.parametrize("setting", ["library", "passage"])
def test_the_gold_paragraph_of_every_question_is_in_the_library(
    dataset: Dataset, setting: str, tmp_path: Path
) -> None:
    chosen = "library" if setting == "library" else "passage"
    with collected([dataset], chosen, WordEmbedder(), tmp_path) as library:  # type: ignore[arg-type]
        for asked in questions(dataset, chosen):  # type: ignore[arg-type]
            found = library.search(asked.question.text, 20)
            gold = [passage for passage in found.passages if asked.is_gold(passage)]
            assert len(gold) == 1
            assert asked.question.answers[0] in gold[0].text


def test_filters_leave_only_the_gold_paragraph(dataset: Dataset, tmp_path: Path) -> None:
    with collected([dataset], "passage", WordEmbedder(), tmp_path) as library:
        for asked in questions(dataset, "passage"):
            found = library.search(asked.question.text, 20, asked.only_gold)
            assert [asked.is_gold(passage) for passage in found.passages] == [True]


def test_a_kept_library_is_used_again_unchanged(dataset: Dataset, tmp_path: Path) -> None:
    with collected([dataset], "library", WordEmbedder(), tmp_path) as library:
        first = library.revision
    with collected([dataset], "library", WordEmbedder(), tmp_path) as library:
        assert library.revision == first


def test_a_library_with_other_articles_is_refused(dataset: Dataset, tmp_path: Path) -> None:
    SQLiteLibrary(tmp_path, WordEmbedder(), create=True).add(draft_of_text("Something else."))
    with (
        pytest.raises(
            InputError, match=r"holds 1 other articles, such as .*: give an empty folder"
        ),
        collected([dataset], "library", WordEmbedder(), tmp_path),
    ):
        pass


def test_progress_counts_the_articles_taken_in(dataset: Dataset, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    with collected(
        [dataset], "library", WordEmbedder(), tmp_path, lambda *report: told.append(report)
    ):
        pass
    assert told == [("taking in", 1, 2), ("taking in", 2, 2)]


def test_a_list_of_questions_is_about_the_article_in_the_seeds(tmp_path: Path) -> None:
    (tmp_path / "boat.txt").write_text("The boat is red.\n\nIt left at noon.\n", "utf-8")
    (tmp_path / "q.jsonl").write_text(
        '{"id": "1", "question": "When did it leave?", "answers": ["noon"], "paragraph": 2}\n'
        '{"id": "2", "question": "Who built it?", "answers": [], "paragraph": null}\n',
        "utf-8",
    )
    dataset = read_dataset(tmp_path / "q.jsonl", tmp_path / "boat.txt")
    assert [(asked.question.id, asked.paragraph) for asked in questions(dataset, "library")] == [
        ("1", 2),
        ("2", None),
    ]


def test_a_list_of_questions_needs_exactly_one_seed_article(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in ("a.txt", "b.txt"):
        (seeds / name).write_text("Some text.", "utf-8")
    (tmp_path / "q.jsonl").write_text(
        '{"id": "1", "question": "When?", "answers": ["noon"], "paragraph": 1}\n', "utf-8"
    )
    with pytest.raises(InputError, match=r"holds 2: set PULLQUOTE_SEEDS"):
        read_dataset(tmp_path / "q.jsonl", seeds)
