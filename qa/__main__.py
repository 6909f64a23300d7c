"""``python -m qa``, the same as ``pullquote``."""

from qa.cli.app import main

if __name__ == "__main__":
    main()
