"""``python -m benchmarks.crash --kills 200``: crashes on purpose, and what libraries make of them.

Prints one JSON object of figures. Ends with an error at the first library that does not hold what
was acknowledged, holds half an article, finds what brute force does not, or fails without saying
what is broken and how to mend it. With damaged files it goes on to the last, and then ends with 1.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.crash.damaging import damage
from benchmarks.crash.filling import fill
from benchmarks.crash.killing import Killing
from benchmarks.crash.stepping import step


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    began = time.monotonic()
    with TemporaryDirectory(prefix="pullquote-") as temporary:
        folder = Path(temporary)
        damages = damage(folder / "damages", options.seed, options.damages)
        report = {
            "kills": asdict(Killing(folder / "kills", options.seed).run(options.kills)),
            "full_disks": asdict(fill(folder / "disks", options.seed, options.fills)),
            "damages": asdict(damages),
            "lines": asdict(step(folder / "lines", options.lines)),
            "seconds": round(time.monotonic() - began, 1),
        }
    print(json.dumps(report, indent=2))  # noqa: T201 - the command's output
    if damages.broken:
        raise SystemExit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.crash", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--kills", type=int, default=200, help="processes that are killed")
    parser.add_argument("--fills", type=int, default=10, help="disks that are filled")
    parser.add_argument("--damages", type=int, default=300, help="files that are damaged")
    parser.add_argument(
        "--lines", type=int, help="lines a change at which a writer is killed; unset: at each"
    )
    parser.add_argument("--seed", type=int, default=1, help="of all that is random")
    return parser


if __name__ == "__main__":
    main()
