from collections.abc import Iterator

import pytest

from tests.site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site
