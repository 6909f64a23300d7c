"""``pullquote keys``."""

import json
from pathlib import Path

from qa.keys import Keys
from tests.qa.cli.conftest import Run

LIBRARY = Path("library")


def test_a_new_key_is_all_of_stdout_and_stderr_says_what_to_do_with_it(run: Run) -> None:
    result = run("keys", "create", "--name", "laptop")

    key = Keys(LIBRARY).holder(result.stdout.removesuffix("\n"))
    assert key
    assert (key.name, key.scopes) == ("laptop", ("read", "write"))
    assert result.stderr == (
        f"This is the only time that the key {key.id} (read, write) is shown. Send it as "
        "'Authorization: Bearer KEY'.\n"
    )


def test_a_key_can_be_for_one_thing_and_for_another_library(run: Run) -> None:
    result = run("keys", "create", "--scope", "read", "--library", "mine", "--json")

    document = json.loads(result.stdout)
    key = Keys(Path("mine")).holder(document["key"])
    assert key
    assert (document["id"], document["scopes"]) == (key.id, ["read"])


def test_keys_are_listed_without_their_secrets(run: Run) -> None:
    shown = run("keys", "create", "--name", "laptop").stdout.strip()
    run("keys", "create", "--scope", "write")

    listed = run("keys", "list")
    first, second = Keys(LIBRARY).all()
    assert listed.stdout == (
        f"{first.id}  read, write  {first.created}  laptop\n{second.id}  write        "
        f"{second.created}\n"
    )
    assert shown not in listed.stdout
    document = json.loads(run("keys", "list", "--json").stdout)
    assert [set(one) for one in document] == [{"id", "name", "scopes", "created"}] * 2


def test_an_empty_list_says_how_to_make_a_key(run: Run) -> None:
    assert run("keys", "list").stdout == (
        "There are no keys: make one with 'pullquote keys create'.\n"
    )


def test_a_key_is_revoked_by_its_id(run: Run) -> None:
    shown = run("keys", "create").stdout.strip()
    [key] = Keys(LIBRARY).all()

    assert run("keys", "revoke", key.id).stdout == f"The key {key.id} (read, write) is revoked.\n"
    assert Keys(LIBRARY).holder(shown) is None


def test_an_unknown_id_is_an_error_with_the_remedy(run: Run) -> None:
    result = run("keys", "revoke", "nothing")

    assert result.exit_code == 2
    assert result.stderr == (
        "error: no key has the id 'nothing': list the keys with 'pullquote keys list'\n"
    )


def test_every_command_explains_itself_with_an_example(run: Run) -> None:
    for command in ("create", "list", "revoke"):
        result = run("keys", command, "--help")
        assert result.exit_code == 0
        assert f"Example: pullquote keys {command}" in " ".join(result.stdout.split())
