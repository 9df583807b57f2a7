"""Writes the forward pass of a work as TorchScript, for PyTorch in other languages: torch_trace.py WORK OUT.pt

The operations are those of torch_peer.py, and the weights are constants of the graph.
"""

import sys

import torch

from protocol import WorkFile
from torch_peer import forward


class Forward(torch.nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def main():
    path, out = sys.argv[1:]
    file = WorkFile(path, "pt")
    name, function = forward(file)
    with torch.no_grad():
        torch.jit.trace(Forward(function), file.inputs[name], check_trace=False).save(out)


if __name__ == "__main__":
    main()
