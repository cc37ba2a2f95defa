"""The goldens step: what PyTorch answers with random weights, which the tests hold the oracle and the program to."""

import numpy as np
import torch

from reference import paper_goldens
from reference.goldens import save
from train import tensors


def write() -> None:
    for front_end, lengths in paper_goldens.LENGTHS.items():
        network = tensors.to_network(front_end, paper_goldens.network(front_end).tensors)
        if front_end == "spectrogram":
            network.front_end.logmel = torch.nn.Identity()  # the signal is one
        for frames in lengths:
            signal = np.ascontiguousarray(paper_goldens.signal(front_end, frames), np.float32)
            with torch.no_grad():
                logits = network(torch.from_numpy(signal)[None]).numpy()
            save(paper_goldens.FOLDER / f"{front_end}_{frames}.npy", logits)
