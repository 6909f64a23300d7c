from random import Random

import pytest

from qa.training.edits import (
    Pools,
    exchange_antonym,
    exchange_entity,
    exchange_word,
    negate,
    pools_of,
    unanswerable,
)
from qa.training.examples import Example


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 # not for secrets


CONTEXT = (
    "The lighthouse at Grey Point was built in 1871 by Anna Holm. It is 34 metres tall. Many years"
    " went by without a storm, and then, in the long winter that people on the whole coast still"
    " talk about, the sea took the old pier at Port Wick in 1902, which nobody had thought likely."
)


def asked(question: str, answer: str = "Anna Holm") -> Example:
    start = CONTEXT.index(answer)
    return Example("1", question, CONTEXT, ((start, start + len(answer)),), "a")


@pytest.fixture
def pools() -> Pools:
    return pools_of([CONTEXT, "In May 1999 the town of Lower Marsh built 12 houses near Oak Hill."])


def test_pools_sort_names_numbers_years_and_times(pools: Pools) -> None:
    assert pools.by_kind["year"] == ["1871", "1902", "1999"]
    assert pools.by_kind["number"] == ["34", "12"]
    assert {"Grey Point", "Lower Marsh", "Oak Hill"} <= set(pools.by_kind["name"])


def test_a_name_becomes_another_that_is_not_near_the_answer(pools: Pools) -> None:
    example = asked("Who built the lighthouse at Grey Point?")
    edited = {exchange_entity(example, pools, seeded(seed)) for seed in range(40)}
    assert "Who built the lighthouse at Port Wick?" in edited
    assert "Who built the lighthouse at Anna Holm?" not in edited


def test_a_year_becomes_another_year(pools: Pools) -> None:
    edited = exchange_entity(asked("Who built a lighthouse in 1871?"), pools, seeded(3))
    assert edited in {
        "Who built a lighthouse in 1902?",
        "Who built a lighthouse in 1999?",
    }


def test_a_name_that_the_paragraph_does_not_mention_stays(pools: Pools) -> None:
    assert exchange_entity(asked("Who was born in Rome?"), pools, seeded(0)) is None


def test_a_word_becomes_one_with_the_same_ending(pools: Pools) -> None:
    edited = exchange_word(asked("Which metres did they count?", "34"), pools, seeded(1))
    assert edited == "Which houses did they count?"


def test_a_word_becomes_its_opposite(pools: Pools) -> None:
    asking = asked("Who built the first tower?")
    assert {exchange_antonym(asking, pools, seeded(seed)) for seed in range(40)} == {
        "Who demolished the first tower?",
        "Who destroyed the first tower?",
        "Who built the last tower?",
        "Who built the second tower?",
    }


@pytest.mark.parametrize(
    ("question", "edited"),
    [
        ("Who was called?", {"Who wasn't called?", "Who was never called?"}),
        ("Who wasn't called?", {"Who was called?"}),
        ("Who called?", {None}),
    ],
)
def test_a_negation_comes_or_goes(question: str, edited: set[str | None], pools: Pools) -> None:
    assert {negate(asked(question), pools, seeded(seed)) for seed in range(10)} == edited


def test_the_same_seed_gives_the_same_question(pools: Pools) -> None:
    example = asked("Who built the first lighthouse at Grey Point in 1871?")
    once, again = (unanswerable(example, pools, seeded(5)) for _ in range(2))
    assert once == again != example.question


def test_a_question_without_a_handle_is_left_alone(pools: Pools) -> None:
    assert unanswerable(asked("Who?"), pools, seeded(0)) is None
