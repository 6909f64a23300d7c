"""``python -m qa.training``: the trainer without the rest of the command line."""

import typer

from qa.training.command import train_reader

if __name__ == "__main__":
    typer.run(train_reader)
