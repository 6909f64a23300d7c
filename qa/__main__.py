"""``python -m qa``, the same as ``pullquote``."""

import sys


def main() -> None:
    """Run the command that the arguments name, and exit with its code."""
    try:
        # Imported only here, so that an interrupt while Python loads it ends quietly too.
        from qa.cli.app import app

        app(prog_name="pullquote")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
