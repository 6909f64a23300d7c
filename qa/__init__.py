"""Questions in, cited answers out."""

import os

# onnxruntime calls home from its import on, unless told not to before. Pullquote never does.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
