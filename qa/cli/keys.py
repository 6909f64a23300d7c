"""``pullquote keys``: the API keys of a library."""

from dataclasses import asdict
from typing import Annotated

import typer

from qa.cli.options import JsonOption, LibraryOption
from qa.cli.printing import print_json, print_text
from qa.cli.wiring import wiring_of
from qa.keys import SCOPES, Key, Keys

keys = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Makes, lists and revokes API keys for the service.\n\nA key is needed for writing as "
    "soon as the service can be reached from other machines. The keys are kept as hashes in the "
    "library's folder.\n\nExample: pullquote keys create --name laptop",
)


@keys.command()
def create(
    context: typer.Context,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            metavar="read|write",
            help="What the key is for: reading or writing. May be given again; without it, both.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="Whose key it is, for the list.")] = "",
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Makes a key and prints it, this once.

    Only its hash is kept. A client sends it as 'Authorization: Bearer KEY'.

    Example: pullquote keys create --scope read --name dashboard
    """
    key, shown = _keys(context, library).create(name, scope or SCOPES)
    if json:
        print_json({**asdict(key), "key": shown})
        return
    typer.echo(shown)
    typer.echo(
        f"This is the only time that the key {key.id} ({_scopes(key)}) is shown. Send it as "
        "'Authorization: Bearer KEY'.",
        err=True,
    )


@keys.command("list")
def list_keys(
    context: typer.Context, library: LibraryOption = None, json: JsonOption = False
) -> None:
    """Lists the keys that hold, without the keys themselves.

    Example: pullquote keys list
    """
    kept = _keys(context, library).all()
    if json:
        print_json([asdict(key) for key in kept])
        return
    for key in kept:
        print_text(f"{key.id}  {_scopes(key):<11}  {key.created}  {key.name}".rstrip())
    if not kept:
        print_text("There are no keys: make one with 'pullquote keys create'.")


@keys.command()
def revoke(
    context: typer.Context,
    id: Annotated[  # noqa: A002  # what the list calls it
        str, typer.Argument(help="The key's id, as the list has it.", show_default=False)
    ],
    library: LibraryOption = None,
) -> None:
    """Revokes a key, from the next request on.

    Example: pullquote keys revoke 0123456789abcdef
    """
    key = _keys(context, library).revoke(id)
    print_text(f"The key {key.id} ({_scopes(key)}) is revoked.")


def _keys(context: typer.Context, library: LibraryOption) -> Keys:
    return Keys(wiring_of(context).settings(library=library).library)


def _scopes(key: Key) -> str:
    return ", ".join(key.scopes)
