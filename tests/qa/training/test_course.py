import dataclasses
import itertools
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from index.errors import InputError
from qa.training.course import Course, CourseBuilder, read_sources
from qa.training.encoding import plain_tokenizer
from qa.training.examples import Example
from qa.training.gradients import parts
from qa.training.plan import TrainingPlan


def near(name: str, examples: list[Example]) -> list[tuple[str, ...]]:
    """The paragraph of the file's first other context, for every example."""
    contexts = list(dict.fromkeys(example.context for example in examples))
    return [(next(text for text in contexts if text != e.context),) for e in examples]


def built(plan: TrainingPlan, tokenizer: Tokenizer) -> Course:
    sources = read_sources(plan, lambda name, examples: near(name, list(examples)))
    return CourseBuilder(plan, plain_tokenizer(tokenizer)).build(*sources)


def rows(course: Course) -> list[tuple[list[int], tuple[tuple[int, int], ...], bool]]:
    return [(row.ids.tolist(), row.spans, row.joint) for batch in course.batches for row in batch]


def said(course: Course, tokenizer: Tokenizer) -> list[str]:
    """The answers' pieces, as text."""
    return sorted(
        tokenizer.decode(row.ids[a : b + 1].tolist())
        for batch in course.batches
        for row in batch
        for a, b in row.spans
    )


def test_short_questions_of_sentences_can_be_left_out(
    plan: TrainingPlan, tokenizer: Tokenizer
) -> None:
    def asked(words: int) -> list[int]:
        _, sentences = read_sources(
            dataclasses.replace(plan, sentence_question_words=words), lambda name, examples: []
        )
        return [len(e.question.split()) for source in sentences for e in source.examples]

    every = asked(1)
    middle = sorted(every)[len(every) // 2]
    assert min(every) < middle
    assert sorted(asked(middle)) == sorted(count for count in every if count >= middle)


def test_equal_plans_give_equal_batches(plan: TrainingPlan, tokenizer: Tokenizer) -> None:
    assert rows(built(plan, tokenizer)) == rows(built(plan, tokenizer))


def test_another_seed_gives_another_order(plan: TrainingPlan, tokenizer: Tokenizer) -> None:
    other = dataclasses.replace(plan, seed=1)
    assert rows(built(plan, tokenizer)) != rows(built(other, tokenizer))


def test_every_question_is_seen_in_every_pass(plan: TrainingPlan, tokenizer: Tokenizer) -> None:
    course = built(plan, tokenizer)
    assert course.counts["short answered"] == course.counts["full answered"] == 30
    assert course.counts["sentences answered"] == 5


def test_a_part_of_a_pass_sees_that_share(plan: TrainingPlan, tokenizer: Tokenizer) -> None:
    course = built(dataclasses.replace(plan, short_passes=0, full_passes=1.5), tokenizer)
    assert course.counts["full answered"] == 45
    assert "short answered" not in course.counts


def test_a_file_given_twice_counts_twice(plan: TrainingPlan, tokenizer: Tokenizer) -> None:
    course = built(dataclasses.replace(plan, files=plan.files * 2), tokenizer)
    assert course.counts["full answered"] == 60


def test_few_questions_of_a_sentence_can_be_taken(plan: TrainingPlan, tokenizer: Tokenizer) -> None:
    course = built(dataclasses.replace(plan, sentences_per_context=1), tokenizer)
    assert course.counts["sentences answered"] == 2


def test_batches_keep_their_budgets(plan: TrainingPlan, tokenizer: Tokenizer) -> None:
    for batch in built(plan, tokenizer).batches:
        assert len(batch) <= plan.batch_examples
        assert len(batch) * max(len(row.ids) for row in batch) <= plan.batch_tokens


def test_no_row_is_longer_than_the_plan_allows(plan: TrainingPlan, tokenizer: Tokenizer) -> None:
    course = built(dataclasses.replace(plan, max_length=32), tokenizer)
    assert max(len(row.ids) for batch in course.batches for row in batch) == 32


def test_short_rows_come_before_full_ones(plan: TrainingPlan, tokenizer: Tokenizer) -> None:
    course = built(plan, tokenizer)
    lengths = [max(len(row.ids) for row in batch) for batch in course.batches]
    assert max(lengths[:3]) <= 24 + 12
    assert max(lengths) > 36


def test_answered_rows_point_at_an_annotators_words(
    plan: TrainingPlan, tokenizer: Tokenizer
) -> None:
    found = set()
    for batch in built(plan, tokenizer).batches:
        for row in batch:
            assert all(row.passage <= a <= b < len(row.ids) - 1 for a, b in row.spans)
            found |= {tokenizer.decode(row.ids[a : b + 1].tolist()) for a, b in row.spans}
    assert {"anna holm", "in 1871", "1871", "rye bread and plum cake"} <= found


def test_negatives_are_of_every_kind_and_follow_their_question(
    plan: TrainingPlan, tokenizer: Tokenizer
) -> None:
    course = built(dataclasses.replace(plan, negatives=1.0, full_passes=8), tokenizer)
    kinds = {"negatives edited", "negatives removed", "negatives retrieved"}
    assert kinds - {"negatives removed"} <= set(course.counts)
    for batch in course.batches:
        for before, row in itertools.pairwise(batch):
            if row.joint:
                assert before.spans
                assert not row.spans
                assert before.ids[: before.passage].tolist() == row.ids[: row.passage].tolist()


def test_masked_and_mixed_rows_still_point_at_an_annotators_words(
    plan: TrainingPlan, tokenizer: Tokenizer
) -> None:
    noisy = dataclasses.replace(plan, masked=0.2, mixed=1.0, max_length=128, short_passes=0)
    course, quiet = built(noisy, tokenizer), built(plan, tokenizer)
    assert course.counts["full answered"] == quiet.counts["full answered"]
    mask = tokenizer.token_to_id("[MASK]")
    assert any(mask in row.ids for batch in course.batches for row in batch)
    assert set(said(course, tokenizer)) == set(said(quiet, tokenizer))


def test_gathered_sentences_stand_in_longer_passages(
    plan: TrainingPlan, tokenizer: Tokenizer
) -> None:
    alone = dataclasses.replace(plan, short_passes=0, full_passes=0, short_length=200)
    course, quiet = (
        built(dataclasses.replace(alone, gathered=share), tokenizer) for share in (1.0, 0.0)
    )
    assert course.counts["sentences answered"] == quiet.counts["sentences answered"] == 5

    def lengths(course: Course) -> int:
        return sum(len(row.ids) for batch in course.batches for row in batch if row.spans)

    assert lengths(course) > 1.3 * lengths(quiet)
    assert said(course, tokenizer) == said(quiet, tokenizer)


def test_rows_scored_jointly_stay_in_one_part(plan: TrainingPlan, tokenizer: Tokenizer) -> None:
    for batch in built(dataclasses.replace(plan, negatives=1.0), tokenizer).batches:
        split = parts(batch, 4)
        assert [id(row) for part in split for row in part] == [id(row) for row in batch]
        assert not any(part[0].joint for part in split)


def test_unanswerable_questions_of_a_file_are_negatives(
    plan: TrainingPlan, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    text = Path(plan.files[0]).read_text("utf-8")
    file = tmp_path / "impossible.json"
    file.write_text(text.replace('"answers"', '"is_impossible": true, "answers"'), "utf-8")
    course = built(dataclasses.replace(plan, files=(str(file),), sentences=()), tokenizer)
    assert course.counts == {"full unanswered": 30, "short unanswered": 30}
    assert all(not row.spans for batch in course.batches for row in batch)


def test_a_plan_without_a_pass_is_refused(plan: TrainingPlan, tokenizer: Tokenizer) -> None:
    empty = dataclasses.replace(plan, short_passes=0, full_passes=0, sentences=())
    with pytest.raises(InputError, match="no example to train on: raise --short-passes"):
        built(empty, tokenizer)
