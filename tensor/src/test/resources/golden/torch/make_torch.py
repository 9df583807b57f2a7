"""Files of torch.save for the tests of TorchFile, each with its tensors as torch itself reads them.

    python make_torch.py        writes the files beside this script; needs torch and safetensors

Made with torch 2.15.0 and safetensors 0.8.0. Seeds are fixed; the bytes of the zip files may differ between versions of torch.
"""
import argparse
import collections
import pathlib
import sys
import types

import safetensors.torch
import torch

HERE = pathlib.Path(__file__).parent


def expect(name, tensors):
    tensors = {key: value.detach().contiguous().clone() for key, value in tensors.items()}
    safetensors.torch.save_file(tensors, HERE / f"{name}.safetensors")


def views():
    """Every way in which a tensor may lie in its storage, and every element type."""
    base = torch.randn(4, 6, 5)
    row = torch.randn(7)
    state = collections.OrderedDict(
        plain=base,
        transposed=base.transpose(0, 2),
        permuted=base.permute(1, 2, 0),
        sliced=base[1:3, ::2, 1:],
        every_other=row[::2],
        one=base[2, 3, 4],
        repeated=row[2:3].expand(3),
        windows=row.unfold(0, 3, 2)[:2],
        same=row,
        empty=torch.zeros(2, 0, 3),
        large=torch.randn(60, 61).t(),
        scalar=torch.tensor(2.5),
        half=torch.randn(5).half(),
        bfloat=torch.randn(5).bfloat16(),
        double=torch.randn(5).double(),
        flags=torch.tensor([True, False, True]),
        parameter=torch.nn.Parameter(torch.randn(2, 3)),
    )
    for dtype in (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16, torch.uint32, torch.uint64):
        state[str(dtype).removeprefix("torch.")] = torch.tensor([[1, 2], [3, 100]], dtype=dtype).t()
    return state


class Tagged(torch.Tensor):
    """A sub-class, and an attribute of its own: saved by _rebuild_from_type_v2."""


def checkpoint():
    """What training scripts save: tensors under several keys, beside numbers and settings."""
    state = {f"module.{name}": torch.randn(3, 2) for name in ("a.weight", "b.weight")}
    moments = {"exp_avg": torch.randn(3, 2), "step": torch.tensor(7.0)}
    tagged = torch.randn(4).as_subclass(Tagged)
    tagged.origin = "here"
    saved = {
        "state_dict": state,
        "optimizer": {"state": {0: moments}, "param_groups": [{"lr": 1e-3, "betas": (0.9, 0.999), "params": [0]}]},
        "epoch": 12,
        "best": 0.75,
        "arch": "vit_tiny",
        "done": False,
        "none": None,
        "args": argparse.Namespace(lr=0.5, layers=[3, 4]),
        "size": torch.Size([2, 3]),
        "device": torch.device("cpu"),
        "dtype": torch.float32,
        "history": [1, 2.5, "three", [True]],
        "extra": [torch.ones(2), 4],
        "tagged": tagged,
        "big": 1 << 100,
    }
    expected = {f"state_dict.{name}": value for name, value in state.items()}
    expected |= {f"optimizer.state.0.{name}": value for name, value in moments.items()}
    expected |= {"extra.0": saved["extra"][0], "tagged": tagged.as_subclass(torch.Tensor)}
    return saved, expected


class Head(torch.nn.Module):
    """A module with everything that its state_dict leaves out or keeps."""

    def __init__(self):
        super().__init__()
        self.shared = torch.nn.Linear(3, 3)
        self.again = self.shared
        self.layers = torch.nn.ModuleList([torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2), torch.nn.GELU()])
        self.register_buffer("mask", torch.tensor([True, False, True]))
        self.register_buffer("cache", torch.randn(5), persistent=False)
        self.register_buffer("absent", None)
        self.loose = torch.randn(4)
        self.thresholds = [7, 10]
        self.scale = 0.125
        self.act = torch.nn.functional.gelu


def main():
    torch.manual_seed(3)
    state = views()
    expect("views", state)
    torch.save(state, HERE / "views.pth")

    saved, expected = checkpoint()
    expect("checkpoint", expected)
    torch.save(saved, HERE / "checkpoint.pth")
    torch.save(saved, HERE / "checkpoint_protocol4.pth", pickle_protocol=4)
    torch.save(saved, HERE / "checkpoint_legacy.pth", _use_new_zipfile_serialization=False)

    Head.__module__ = "heads"  # so that the file names a class that no reader can have
    sys.modules["heads"] = types.SimpleNamespace(Head=Head)
    head = Head()
    expect("module", head.state_dict())
    torch.save(head, HERE / "module.pth")


if __name__ == "__main__":
    main()
