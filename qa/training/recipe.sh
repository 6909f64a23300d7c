#!/usr/bin/env bash
# Makes the weights of qa/weights: about nine hours on two cores.
#
#   qa/training/recipe.sh DATA MPNET [RUNS]
#
# DATA holds wiki.json, reddit.json and amazon.json (SQuADShifts: new Wikipedia, Reddit, Amazon
# reviews) and qamr.json (QAMR in SQuAD's format); MPNET is the folder of all-mpnet-base-v2. What
# is made lies in RUNS, its end in RUNS/reader. PYTHON names the interpreter.
set -euo pipefail

data=$1 mpnet=$2 runs=${3:-runs}
wiki=$data/wiki.json reddit=$data/reddit.json amazon=$data/amazon.json
training=("${PYTHON:-python}" -m qa.training)

train() { "${training[@]}" train-reader "$@" --output "$runs/$name"; }
mean() { "${training[@]}" export-reader "$@" --output "$runs/$name"; }
of() { echo "$runs/$1/checkpoint.pt"; }

every=(--sentences "$data/qamr.json" --short-passes 1 --full-passes 0 --max-length 320
  --layer-decay 1 --batch-examples 32)
later=("${every[@]}" --freeze-embeddings --batch-tokens 3072 --average-decay 0.999)
harder=("${later[@]}" --short-length 192 --dropout 0.1 --masked 0.08 --mixed 0.4)

name=a train "$wiki" "$reddit" "$amazon" "${every[@]}" --sentences-per-context 10 \
  --negatives 0.15 --batch-tokens 3584 --warm-up 0.06 --cool-down 0 --stop-after 1011
name=b train "$wiki" "$wiki" "$wiki" "$reddit" "$reddit" "$amazon" "$amazon" "${later[@]}" \
  --sentences-per-context 8 --short-length 256 --negatives 0.2 --head-learning-rate 3e-4 \
  --warm-up 0.01 --cool-down 0.99 --seed 1 --from "$(of a)"
name=c train "$wiki" "$wiki" "$wiki" "$wiki" "$reddit" "$reddit" "$reddit" "$amazon" "$amazon" \
  "$amazon" "${harder[@]}" --sentences-per-context 16 --negatives 0.2 --learning-rate 1e-4 \
  --head-learning-rate 3e-4 --warm-up 0.02 --cool-down 0.98 --seed 2 --from "$(of a)"
name=bc mean "$(of b)" "$(of c)"
name=d train "$wiki" "$wiki" "$wiki" "$reddit" "$reddit" "$amazon" "$amazon" "${harder[@]}" \
  --sentences-per-context 8 --negatives 0.3 --learning-rate 1e-4 --head-learning-rate 3e-4 \
  --warm-up 0.02 --cool-down 0.98 --seed 3 --stop-after 1460 --from "$runs/bc/hf"
name=bcd mean "$runs/bc/hf" "$(of d)"
name=e train "$wiki" "$wiki" "$reddit" "$amazon" "${harder[@]}" --sentences-per-context 4 \
  --negatives 0.3 --learning-rate 7e-5 --head-learning-rate 2e-4 --warm-up 0.02 \
  --cool-down 0.98 --seed 4 --from "$runs/bcd/hf"

# From f on the loss of whole spans counts beside that of their ends, and a run begins only a part
# of the way from the base to the mean before it.
whole=("${harder[@]}" --sentences-per-context 8 --negatives 0.2 --learning-rate 1e-4
  --head-learning-rate 3e-4 --warm-up 0.03 --cool-down 0.97 --whole-weight 1)
name=f train "$wiki" "$wiki" "$wiki" "$wiki" "$reddit" "$reddit" "$amazon" "${whole[@]}" \
  --seed 5 --from "$runs/bc/hf" --shrink 0.5
name=bcef mean "$runs/bc/hf" "$runs/bc/hf" "$(of e)" "$(of f)" "$(of f)"

# The teacher, and its opinions beside the people's answers.
teacher=(--base "$mpnet" --short-length 128 --full-passes 0 --freeze-embeddings --freeze-layers 4
  --negatives 0 --max-length 320 --layer-decay 0.95 --batch-tokens 3072 --batch-examples 32
  --average-decay 0.99 --warm-up 0.06 --cool-down 0.94 --whole-weight 1)
name=t train "$wiki" "$reddit" "${teacher[@]}" --short-passes 0.8 --learning-rate 5e-5 \
  --head-learning-rate 5e-4 --seed 9
name=u train "$wiki" "$reddit" "$amazon" "${teacher[@]}" --short-passes 0.45 \
  --learning-rate 4e-5 --head-learning-rate 2e-4 --seed 11 --from "$(of t)"
for run in t u; do
  for file in wiki reddit; do
    "${training[@]}" annotate "$(of $run)" "$data/$file.json" --output "$runs/$run/$file.json"
  done
done

student=("${whole[@]}" --shrink 0.75)
wiki=$runs/t/wiki.json reddit=$runs/t/reddit.json
name=g train "$wiki" "$wiki" "$wiki" "$reddit" "${student[@]}" --seed 10 --from "$runs/bcef/hf"
name=bcefg mean "$runs/bcef/hf" "$(of g)"
wiki=$runs/u/wiki.json reddit=$runs/u/reddit.json
name=h train "$wiki" "$wiki" "$wiki" "$reddit" "$reddit" "${student[@]}" --seed 12 \
  --from "$runs/bcefg/hf"
name=bcefgh mean "$runs/bcef/hf" "$(of g)" "$(of h)" "$(of h)"
name=i train "$wiki" "$wiki" "$reddit" "${student[@]}" --seed 13 --from "$runs/bcefgh/hf"
name=reader mean "$runs/bcef/hf" "$(of g)" "$(of h)" "$(of h)" "$(of i)" "$(of i)"
