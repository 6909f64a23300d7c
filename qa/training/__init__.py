"""Training of the span reader: SQuAD files in, a checkpoint and an ONNX file out.

A run is a function of its plan: the examples, the negatives written from them, the batches and
their order all follow from the files and the seed, so that an interrupted run resumes to the same
weights. Nothing here is imported when questions are answered.
"""
