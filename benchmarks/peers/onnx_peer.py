"""ONNX Runtime on the CPU, with its fused attention (com.microsoft.Attention). Inference only.

LayerScale of an encoder is multiplied into the weights before it, as an exporter can do.
"""

import numpy
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from protocol import Unsupported, WorkFile, serve

MICROSOFT = "com.microsoft"
BLOCK_NORM_EPS = 1e-5


class Graph:
    """Collects nodes and constants; each operation returns the name of its result."""

    def __init__(self):
        self.nodes, self.constants = [], {}

    def constant(self, values, name=None):
        name = name or f"constant{len(self.constants)}"
        self.constants[name] = numpy_helper.from_array(numpy.ascontiguousarray(values), name)
        return name

    def op(self, kind, *inputs, domain="", outputs=1, **attributes):
        names = [f"value{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def session(self, name, x, output, threads):
        inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, x.shape)]
        outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)]
        graph = helper.make_graph(self.nodes, "work", inputs, outputs, list(self.constants.values()))
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])


class Layers:
    """The layers of a transformer as ONNX operations. Weights are constants, each there once."""

    def __init__(self, graph, parameters, eps):
        self.g, self.p, self.eps, self.known = graph, parameters, eps, {}

    def weight(self, name, transform=lambda values: values):
        if name not in self.known:
            self.known[name] = self.g.constant(transform(self.p[name]), name)
        return self.known[name]

    def norm(self, name, x):
        return self.g.op(
            "LayerNormalization", x, self.weight(name + ".weight"), self.weight(name + ".bias"), axis=-1, epsilon=self.eps
        )

    def linear(self, weight, bias, x, gamma=1.0):
        product = self.g.op("MatMul", x, self.weight(weight, lambda w: w.T * gamma))
        return self.g.op("Add", product, self.weight(bias, lambda b: b * gamma))

    def attention(self, weight, bias, x, heads):
        inputs = x, self.weight(weight, lambda w: w.T), self.weight(bias)
        return self.g.op("Attention", *inputs, domain=MICROSOFT, num_heads=heads)


def encoder(g, p, config, batch):
    layers = Layers(g, p, config["normEps"])
    D, patch = config["embedDim"], config["patchSize"]
    pixels = g.op(
        "Conv", "images", layers.weight("patch_embed.proj.weight"), layers.weight("patch_embed.proj.bias"), strides=[patch, patch]
    )
    flat = g.op("Reshape", pixels, g.constant(numpy.array([batch, D, -1], numpy.int64)))
    patches = g.op("Transpose", flat, perm=[0, 2, 1])
    prefix = [p["cls_token"] + p["pos_embed"][:, :1]] + ([p["register_tokens"]] if config["registers"] else [])
    prefix = g.constant(numpy.repeat(numpy.concatenate(prefix, 1), batch, 0))
    x = g.op("Concat", prefix, g.op("Add", patches, g.constant(p["pos_embed"][:, 1:])), axis=1)
    for i in range(config["layers"]):
        b = f"blocks.{i}."
        gamma = [p.get(b + f"ls{branch}.gamma", 1.0) for branch in (1, 2)]
        mixed = layers.attention(b + "attn.qkv.weight", b + "attn.qkv.bias", layers.norm(b + "norm1", x), config["heads"])
        x = g.op("Add", x, layers.linear(b + "attn.proj.weight", b + "attn.proj.bias", mixed, gamma[0]))
        hidden = layers.linear(b + "mlp.fc1.weight", b + "mlp.fc1.bias", layers.norm(b + "norm2", x))
        hidden = g.op("Gelu", hidden, domain=MICROSOFT)
        x = g.op("Add", x, layers.linear(b + "mlp.fc2.weight", b + "mlp.fc2.bias", hidden, gamma[1]))
    return layers.norm("norm", x)


def recurrent_block(g, p, size):
    p = {name.removeprefix("blocks.0."): value for name, value in p.items()}
    layers = Layers(g, p, BLOCK_NORM_EPS)
    x = "x"
    for layer in range(1, size["depth"] + 1):
        hidden = p["t_proj.0.weight"][:, 0] * layer + p["t_proj.0.bias"]
        hidden = hidden / (1 + numpy.exp(-hidden))
        t1, t2, t3 = (1 + p["t_proj.2.weight"] @ hidden + p["t_proj.2.bias"]).reshape(3, -1).astype(numpy.float32)
        mixed = layers.attention("attn.in_proj_weight", "attn.in_proj_bias", layers.norm("norm1", x), size["heads"])
        branch = layers.linear("attn.out_proj.weight", "attn.out_proj.bias", mixed)
        x = g.op("Add", x, g.op("Mul", branch, g.constant(t1 * p["ls1.gamma"])))
        both = layers.linear("mlp.0.weight", "mlp.0.bias", layers.norm("norm2", x))
        gate, up = g.op("Split", both, outputs=2, axis=-1, num_outputs=2)
        silu = g.op("QuickGelu", gate, domain=MICROSOFT, alpha=1.0)
        branch = layers.linear("mlp.2.weight", "mlp.2.bias", g.op("Mul", silu, up))
        x = g.op("Add", x, g.op("Mul", branch, g.constant(t2 * p["ls2.gamma"])))
        x = g.op("Mul", x, g.constant(t3))
    return x


class Inference:
    def __init__(self, session, feed):
        self.session, self.feed = session, feed

    def once(self):
        return self.session.run(None, self.feed)[0]

    def results(self):
        return {"output": self.once()}


def load(path, threads):
    file = WorkFile(path, "numpy")
    g, p, size = Graph(), file.parameters, file.work
    if file.kind == "encoder":
        name, output = "images", encoder(g, p, size["config"], size["batch"])
    elif file.kind == "block" and size["pass"] == "FORWARD":
        name, output = "x", recurrent_block(g, p, size["size"])
    elif file.kind == "gemm":
        name, output = "x", g.op("MatMul", "x", g.constant(p["weight"].T))
    else:
        raise Unsupported("ONNX Runtime computes the forward pass of encoders, blocks and matrix products here")
    x = file.inputs[name]
    return Inference(g.session(name, x, output, threads), {name: x})


if __name__ == "__main__":
    serve(f"ONNX Runtime {onnxruntime.__version__}, com.microsoft.Attention", load)
