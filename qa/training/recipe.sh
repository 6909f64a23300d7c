#!/usr/bin/env bash
# Makes a reader of twelve layers from public base weights and the training files. The reader that
# ships has six and was made before, by the commands in the README of commit 43d65b0.
#
# usage: qa/training/recipe.sh BASE DATA OUTPUT
#
# BASE is multilingual-e5-small (MIT) as a Hugging Face folder: config.json, model.safetensors and
# tokenizer.json. DATA is a folder with the training files that are named below, in SQuAD's
# form. OUTPUT is a new folder; the reader is then in OUTPUT/reader/int8. About an hour on two
# cores with bf16 products.
set -euo pipefail
if [ $# -ne 3 ]; then
  sed -n '5,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
base=$1 data=$2 output=$3
python=${PYTHON:-python}
# Memory is given back to the system rarely, which saves time.
keep=glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=4294967296
export GLIBC_TUNABLES=${GLIBC_TUNABLES:-$keep}

files() { for name in "$@"; do echo "$data/$name.json"; done; }

unanswerable=$(files clapnq-unanswerable-dev quac-unanswerable squad2-evals-unsolvable)
main=$(files written-train written-train real-r1 real-r2 real-r3 real-r4 real-r5 real-r6 \
  squad1-train-head squad1-train-pieces squadshifts-new-wiki squadshifts-nyt \
  nq-gold-passages-dev qed-dev tydiqa-goldp-en tatqa-text-spans)
more=$(files squad1-train-head squad1-train-truecased-windows squad1-train-linked mlqa-en-dev \
  fairytaleqa covidqa-windows bioasq-snippets)

# shellcheck disable=SC2086 # lists of files
"$python" -m qa.training prune-vocabulary "$base" $main --output "$output/base"

train() { # train NAME FILE... OPTION...
  local name=$1
  shift
  "$python" -m qa.training train-reader "$@" --base "$output/base" --output "$output/$name" \
    --full-passes 0 --negatives 0.1 --dropout 0.1 --max-length 320 --freeze-embeddings \
    --layer-decay 0.95 --batch-tokens 5120 --batch-examples 32 --whole-weight 1
}

# shellcheck disable=SC2086
{
  # The beginning of a longer run, at the full rate.
  train a $main $more $unanswerable $unanswerable --short-length 208 --learning-rate 1.2e-4 \
    --average-decay 0.999 --warm-up 0.05 --cool-down 0.95 --seed 20 --stop-after 201
  train b $main $unanswerable $unanswerable --from "$output/a/checkpoint.pt" --short-length 160 \
    --short-passes 0.9 --learning-rate 1.2e-4 --average-decay 0.999 --warm-up 0.02 \
    --cool-down 0.98 --seed 21 --stop-after 735
  # The rate falls to nothing.
  train c $main $unanswerable $unanswerable --from "$output/b/checkpoint.pt" --short-length 160 \
    --short-passes 0.18 --learning-rate 8e-5 --head-learning-rate 2e-4 --average-decay 0.995 \
    --warm-up 0.02 --cool-down 0.98 --seed 22
}
"$python" -m qa.training export-reader "$output/c/checkpoint.pt" --output "$output/reader"
