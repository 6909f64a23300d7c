"""``python -m qa.training``: the trainer without the rest of the command line."""

import typer

from qa.training.command import export_reader, prune_vocabulary, teach, train_reader

app = typer.Typer(add_completion=False)
app.command()(train_reader)
app.command()(export_reader)
app.command()(teach)
app.command()(prune_vocabulary)

if __name__ == "__main__":
    app()
