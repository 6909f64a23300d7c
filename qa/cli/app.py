"""The application: all commands under one name."""

import typer

from qa.cli.ask import ask
from qa.cli.check import check
from qa.cli.endings import Commands
from qa.cli.evaluate import evaluate
from qa.cli.exchange import backup, export, import_
from qa.cli.index import index
from qa.cli.keys import keys
from qa.cli.rebuild import rebuild
from qa.cli.serve import serve
from qa.cli.verify import verify

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Answers questions from articles in the articles' own words, each answer with a "
    "citation that can be checked. Settings come from the environment (PULLQUOTE_...) or a file "
    "named .env; options go before both.",
)
app.command()(index)
app.command()(ask)
app.command()(serve)
app.command()(verify)
app.command()(check)
app.command()(rebuild)
app.command()(export)
app.command("import")(import_)
app.command()(backup)
app.command()(evaluate)
app.add_typer(keys, name="keys")
