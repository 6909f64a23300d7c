"""The command line: thin commands, one a module, wired in ``qa.cli.wiring``."""
