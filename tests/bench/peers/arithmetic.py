"""Multiply-accumulates of a segment by kind of work, computed directly, as the core's clock names the kinds."""

from convert import musicnn, vgg
from convert.network import Network
from reference import paper
from reference.logmel import HOP


def multiply_accumulates(network: Network, frames: int, bands: int) -> dict[str, int]:
    if network.architecture == vgg.NAME:
        return _vgg(network, frames, bands)
    if network.architecture != musicnn.NAME:
        return _paper(network, frames, bands)
    kernels = {name.removesuffix(".kernel"): tensor for name, tensor in network.tensors.items() if ".kernel" in name}
    return {
        "timbral": sum(frames * (bands - kernels[name].shape[2] + 1) * kernels[name].size for name in musicnn.TIMBRAL),
        "temporal": sum(frames * bands * kernels[name].size for name in musicnn.TEMPORAL),
        "mid-end": sum(frames * kernels[name].size for name in musicnn.MID),
        "dense": kernels["dense"].size + kernels["output"].size,
    }


def _vgg(network: Network, frames: int, bands: int) -> dict[str, int]:
    convolutions, time, mel = 0, frames, bands
    for layer, size, stride in zip(vgg.LAYERS, network.pooling.sizes, network.pooling.strides, strict=True):
        convolutions += time * mel * network.tensors[f"{layer}.kernel"].size
        time, mel = ((n - k) // s + 1 for n, k, s in zip((time, mel), size, stride, strict=True))
    return {"convolutions": convolutions, "dense": network.tensors["output.kernel"].size}


def _paper(network: Network, frames: int, bands: int) -> dict[str, int]:
    """The clock calls the back-end mid-end."""
    kernels = {name.removesuffix(".kernel"): tensor for name, tensor in network.tensors.items() if ".kernel" in name}
    if network.architecture == "waveform":
        features = frames * HOP // 3
        front_end = {"convolutions": features * kernels["conv_0"].size}
        for layer in paper.WAVEFORM:
            front_end["convolutions"] += (features - 2) * kernels[layer].size
            features = (features - 2) // 3
    else:
        features = frames
        front_end = {
            "timbral": sum(
                frames * (bands - kernels[name].shape[2] + 1) * kernels[name].size for name in paper.TIMBRAL
            ),
            "temporal": sum(frames * kernels[name].size for name in paper.TEMPORAL),
        }
    rows = features - 6
    back_end = rows * (kernels["back_1"].size + kernels["back_2"].size) + rows // 2 * kernels["back_3"].size
    return front_end | {"mid-end": back_end, "dense": kernels["dense"].size + kernels["output"].size}
