from pathlib import Path

import pytest
import torch

from qa.training.dropout import Dropout, install, noise
from qa.training.model import load_model


def test_without_noise_everything_passes() -> None:
    values = torch.rand(3, 5)
    assert torch.equal(Dropout(0.5, 1)(values), values)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_share_is_zeroed_and_the_mean_stays(dtype: torch.dtype) -> None:
    with noise("a"):
        passed = Dropout(0.25, 1)(torch.ones(100, 1000, dtype=dtype))
    assert passed.dtype == dtype
    assert (passed == 0).float().mean().item() == pytest.approx(0.25, abs=0.01)
    assert passed.float().mean().item() == pytest.approx(1.0, abs=0.02)


def test_equal_keys_give_equal_noise_and_others_other() -> None:
    dropout, values = Dropout(0.5, 1), torch.ones(50)

    def passed(key: str) -> list[torch.Tensor]:
        with noise(key):
            return [dropout(values), dropout(values)]

    one, same, other = passed("a"), passed("a"), passed("b")
    assert torch.equal(torch.stack(one), torch.stack(same))
    assert not torch.equal(one[0], other[0])
    assert not torch.equal(one[0], one[1])


def test_more_values_than_the_table_has_are_covered() -> None:
    with noise("a"):
        passed = Dropout(0.5, 1, length=64)(torch.ones(7, 50))
    assert 0 < (passed == 0).float().mean().item() < 1


def test_it_is_where_bert_has_dropout_and_adds_no_weights(base: Path) -> None:
    model = load_model(base)
    names = set(model.state_dict())
    install(model, 0.1, 1)
    found = [module for module in model.modules() if isinstance(module, Dropout)]
    assert len(found) == 1
    assert set(model.state_dict()) == names
    ids = torch.arange(5, 15).reshape(1, 10)
    still = model(input_ids=ids).start_logits
    with noise("a"):
        assert not torch.equal(model(input_ids=ids).start_logits, still)
    install(quiet := load_model(base), 0.0, 1)
    assert not any(isinstance(module, Dropout) for module in quiet.modules())
