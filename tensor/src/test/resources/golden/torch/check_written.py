"""Has torch read what TorchWriter wrote, without leave to run anything. Passes with torch 2.15.0.

    python check_written.py [written.pth]
"""
import math
import pathlib
import sys

import torch

path = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "written.pth"
for mmap in (False, True):
    state = torch.load(path, weights_only=True, mmap=mmap)
    assert list(state) == ["head.weight", "head.bias", "scalar", "empty", "ünï"], list(state)
    assert all(value.dtype == torch.float32 and value.is_contiguous() for value in state.values())
    assert torch.equal(state["head.weight"], torch.arange(6300.0).reshape(70, 90) * 0.25 - 100)
    bias = state["head.bias"].tolist()
    assert bias[0] == 1 and math.isnan(bias[1]) and bias[2] == -math.inf
    assert state["scalar"].shape == () and state["scalar"].item() == 2.5
    assert state["empty"].shape == (2, 0, 3)
    assert state["ünï"].shape == (1, 2, 1, 3) and state["ünï"].flatten().tolist() == [1, 2, 3, 4, 5, 6]
print(f"torch {torch.__version__} reads {path}")
