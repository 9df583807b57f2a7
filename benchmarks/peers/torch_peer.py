"""PyTorch on the CPU: eager with scaled_dot_product_attention, or with --compile through torch.compile."""

import shutil
import sys

import torch
import torch.nn.functional as F

from protocol import Unsupported, WorkFile, serve

BLOCK_NORM_EPS = 1e-5
LEARNING_RATE, WEIGHT_DECAY, CLIP_NORM, LABEL_SMOOTHING = 1e-4, 0.05, 1.0, 0.1
COMPARED_STEPS = 3


def attention(qkv, heads):
    """(B, N, 3D) -> (B, N, D)"""
    B, N, width = qkv.shape
    q, k, v = qkv.view(B, N, 3, heads, width // (3 * heads)).permute(2, 0, 3, 1, 4)
    return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(B, N, width // 3)


def encoder(p, config, images):
    """(B, C, height, width) -> (B, N, D): the last tokens after the final norm."""
    D, eps, prefix = config["embedDim"], config["normEps"], images.shape[0]

    def norm(name, x):
        return F.layer_norm(x, (D,), p[name + ".weight"], p[name + ".bias"], eps)

    def linear(name, x):
        return F.linear(x, p[name + ".weight"], p[name + ".bias"])

    def scaled(name, x):
        return x * p[name + ".gamma"] if name + ".gamma" in p else x

    x = F.conv2d(images, p["patch_embed.proj.weight"], p["patch_embed.proj.bias"], stride=config["patchSize"])
    x = torch.cat([p["cls_token"].expand(prefix, -1, -1), x.flatten(2).transpose(1, 2)], 1) + p["pos_embed"]
    if config["registers"]:
        x = torch.cat([x[:, :1], p["register_tokens"].expand(prefix, -1, -1), x[:, 1:]], 1)
    for i in range(config["layers"]):
        b = f"blocks.{i}."
        mixed = attention(linear(b + "attn.qkv", norm(b + "norm1", x)), config["heads"])
        x = x + scaled(b + "ls1", linear(b + "attn.proj", mixed))
        x = x + scaled(b + "ls2", linear(b + "mlp.fc2", F.gelu(linear(b + "mlp.fc1", norm(b + "norm2", x)))))
    return norm("norm", x)


def logits(p, config, images):
    tokens = encoder(p, config, images)
    pooled = tokens[:, 0]
    if config["pooling"] == "CLS_AND_MEAN_PATCH":
        pooled = torch.cat([pooled, tokens[:, 1 + config["registers"] :].mean(1)], 1)
    elif config["pooling"] != "CLS":
        raise Unsupported("pooling " + config["pooling"])
    return F.linear(pooled, p["head.weight"], p["head.bias"])


def recurrent_block(p, size, x):
    """(B, N, D) -> (B, N, D): one SwiGLU block, told which layer it computes, applied again and again."""
    D = size["dim"]
    p = {name.removeprefix("blocks.0."): value for name, value in p.items()}
    layers = torch.arange(1, size["depth"] + 1, dtype=x.dtype)[:, None]
    hidden = F.silu(F.linear(layers, p["t_proj.0.weight"], p["t_proj.0.bias"]))
    scales = (1 + F.linear(hidden, p["t_proj.2.weight"], p["t_proj.2.bias"])).view(-1, 3, D)
    for t1, t2, t3 in scales:
        normed = F.layer_norm(x, (D,), p["norm1.weight"], p["norm1.bias"], BLOCK_NORM_EPS)
        mixed = attention(F.linear(normed, p["attn.in_proj_weight"], p["attn.in_proj_bias"]), size["heads"])
        x = x + t1 * p["ls1.gamma"] * F.linear(mixed, p["attn.out_proj.weight"], p["attn.out_proj.bias"])
        normed = F.layer_norm(x, (D,), p["norm2.weight"], p["norm2.bias"], BLOCK_NORM_EPS)
        gate, up = F.linear(normed, p["mlp.0.weight"], p["mlp.0.bias"]).chunk(2, -1)
        x = x + t2 * p["ls2.gamma"] * F.linear(F.silu(gate) * up, p["mlp.2.weight"], p["mlp.2.bias"])
        x = t3 * x
    return x


class Inference:
    def __init__(self, function):
        self.function = function

    def once(self):
        with torch.inference_mode():
            return self.function()

    def results(self):
        return {"output": self.once().numpy()}


class Gradients:
    """Forward and backward, with the gradients of the input and of all parameters."""

    def __init__(self, function, parameters, x, cotangent):
        self.function, self.cotangent = function, cotangent
        self.leaves = {"input": x, **parameters}
        for leaf in self.leaves.values():
            leaf.requires_grad_()

    def once(self):
        for leaf in self.leaves.values():
            leaf.grad = None
        y = self.function()
        y.backward(self.cotangent)
        return y

    def results(self):
        results = {"output": self.once().detach().numpy()}
        for name, leaf in self.leaves.items():
            results["gradient of " + ("the input" if name == "input" else name)] = leaf.grad.numpy()
        return results


class Training:
    """Forward, cross-entropy, backward, clipping, AdamW."""

    def __init__(self, loss, parameters):
        self.loss, self.parameters = loss, parameters
        for parameter in parameters.values():
            parameter.requires_grad_()
        decays = [v for k, v in parameters.items() if k.endswith(".weight") and v.dim() >= 2]
        others = [v for k, v in parameters.items() if not (k.endswith(".weight") and v.dim() >= 2)]
        groups = [{"params": decays, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, fused=True)

    def once(self):
        self.optimizer.zero_grad()
        loss = self.loss()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters.values(), CLIP_NORM)
        self.optimizer.step()
        return loss.item()

    def results(self):
        self.optimizer.zero_grad()
        self.loss().backward()
        results = {"gradient of " + name: value.grad.numpy().copy() for name, value in self.parameters.items()}
        results["losses"] = [self.once() for _ in range(COMPARED_STEPS)]
        return results


def forward(file):
    """The forward pass of a work that is no training: its input's name, and the function of it."""
    p, size = file.parameters, file.work
    if file.kind == "encoder":
        return "images", lambda images: encoder(p, size["config"], images)
    if file.kind == "block":
        return "x", lambda x: recurrent_block(p, size["size"], x)
    if file.kind == "gemm":
        return "x", lambda x: F.linear(x, p["weight"])
    if file.kind == "attention":
        return "qkv", lambda qkv: attention(qkv, size["heads"])
    raise Unsupported("kind " + file.kind)


def work(file, prepared):
    """prepared is torch.compile or the identity."""
    p, inputs, size = file.parameters, file.inputs, file.work
    if file.kind == "training":
        labels = inputs["labels"].long()
        loss = prepared(
            lambda images: F.cross_entropy(logits(p, size["config"], images), labels, label_smoothing=LABEL_SMOOTHING)
        )
        return Training(lambda: loss(inputs["images"]), p)
    name, function = forward(file)
    function, x = prepared(function), inputs[name]
    if size.get("pass", "FORWARD") == "FORWARD":
        return Inference(lambda: function(x))
    return Gradients(lambda: function(x), p, x, inputs["cotangent"])


def main():
    compiled = "--compile" in sys.argv[1:]
    description = f"PyTorch {torch.__version__} " + ("torch.compile" if compiled else "eager")

    def load(path, threads):
        if compiled and not shutil.which("g++") and not shutil.which("clang++"):
            raise Unsupported("torch.compile needs a C++ compiler")
        torch.set_num_threads(threads)
        if compiled:
            torch._dynamo.reset()
        return work(WorkFile(path, "pt"), torch.compile if compiled else lambda function: function)

    serve(description, load)


if __name__ == "__main__":
    main()
