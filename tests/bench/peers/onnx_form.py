"""A graph as an ONNX model. Values are [1][channels][time][mel], as onnxruntime wants them."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from peers.graph import INPUT, OUTPUT, Graph, Step

OPSET = 18
IR_VERSION = 10

AXES = {"time": 2, "mel": 3}
ACTIVATIONS = {"relu": "Relu", "sigmoid": "Sigmoid"}


def onnx_model(graph: Graph, time: int, mel: int, tags: int) -> onnx.ModelProto:
    writer = _Writer()
    for step in graph.steps:
        getattr(writer, step.op)(step)
    writer.node("Identity", [graph.steps[-1].output], OUTPUT)
    made = helper.make_graph(
        writer.nodes,
        "tagger",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, 1, time, mel])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, tags])],
        writer.initializers,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model, full_check=True)
    return model


class _Writer:
    """A method a kind of step, by its name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def convolve(self, step: Step) -> None:
        (top, bottom), (left, right) = step.settings["pads"]
        kernel = self.tensor(step, "kernel", step.tensors["kernel"].transpose(0, 3, 1, 2))
        bias = self.tensor(step, "bias", step.tensors["bias"])
        linear = f"{step.output}_linear"
        pads, strides = [top, left, bottom, right], step.settings["stride"]
        self.node("Conv", [*step.inputs, kernel, bias], linear, pads=pads, strides=strides)
        self.node("Relu", [linear], step.output)

    def normalise(self, step: Step) -> None:
        scale, shift = (self.tensor(step, name, step.tensors[name]) for name in ("scale", "shift"))
        zeros, ones = (
            self.tensor(step, name, value(len(step.tensors["scale"]), np.float32))
            for name, value in (("mean", np.zeros), ("variance", np.ones))
        )
        self.node("BatchNormalization", [*step.inputs, scale, shift, zeros, ones], step.output, epsilon=0.0)

    def pool(self, step: Step) -> None:
        size, stride = step.settings["size"], step.settings["stride"]
        self.node("MaxPool", step.inputs, step.output, kernel_shape=size, strides=stride)

    def max(self, step: Step) -> None:
        self.node("ReduceMax", [*step.inputs, self.axis(step)], step.output)

    def mean(self, step: Step) -> None:
        self.node("ReduceMean", [*step.inputs, self.axis(step)], step.output)

    def turn(self, step: Step) -> None:
        self.node("Transpose", step.inputs, step.output, perm=[0, 1, 3, 2])

    def concatenate(self, step: Step) -> None:
        self.node("Concat", step.inputs, step.output, axis=1)

    def constant(self, step: Step) -> None:
        values = np.ascontiguousarray(step.tensors["values"].transpose(2, 0, 1)[None])
        self.initializers.append(numpy_helper.from_array(values, step.output))

    def pick(self, step: Step) -> None:
        channels = self.tensor(step, "channels", np.array(step.settings["channels"], np.int64))
        self.node("Gather", [*step.inputs, channels], step.output, axis=1)

    def sum(self, step: Step) -> None:
        self.node("Add", step.inputs, step.output)

    def dense(self, step: Step) -> None:
        flat, linear = f"{step.output}_flat", f"{step.output}_linear"
        kernel = step.tensors["kernel"].transpose(0, 2, 1)  # [out][channels][places]
        rows = self.tensor(step, "kernel", kernel.reshape(len(kernel), -1))
        self.node("Flatten", step.inputs, flat)
        self.node("Gemm", [flat, rows, self.tensor(step, "bias", step.tensors["bias"])], linear, transB=1)
        self.node(ACTIVATIONS[step.settings["activation"]], [linear], step.output)

    def node(self, op: str, inputs: list[str], output: str, **attributes) -> None:
        self.nodes.append(helper.make_node(op, list(inputs), [output], name=output, **attributes))

    def tensor(self, step: Step, name: str, values: np.ndarray) -> str:
        full = f"{step.output}.{name}"
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), full))
        return full

    def axis(self, step: Step) -> str:
        return self.tensor(step, "axis", np.array([AXES[step.settings["axis"]]], np.int64))
