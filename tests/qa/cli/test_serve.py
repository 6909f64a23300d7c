"""``pullquote serve``."""

from pathlib import Path

from tests.qa.cli.conftest import FakeWiring, Run


def test_it_serves_on_this_machine_only_unless_told_otherwise(run: Run, wiring: FakeWiring) -> None:
    assert run("serve").exit_code == 0
    assert wiring.calls == [{"library": Path("library"), "host": "127.0.0.1", "port": 8000}]


def test_library_host_and_port_can_be_given(run: Run, wiring: FakeWiring) -> None:
    run("serve", "--library", "mine", "--host", "0.0.0.0", "--port", "9000")  # noqa: S104 # no server
    assert wiring.calls == [{"library": Path("mine"), "host": "0.0.0.0", "port": 9000}]  # noqa: S104


def test_a_port_that_cannot_be_is_a_usage_error(run: Run, wiring: FakeWiring) -> None:
    result = run("serve", "--port", "70000")
    assert result.exit_code == 2
    assert "'--port': Input should be less than or equal to 65535" in result.stderr
    assert wiring.calls == []
