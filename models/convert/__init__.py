"""Turns the published weights of a music tagger into one GGUF file that Taggram reads.

Run it as `python models/convert MODEL`. Data flows one way through these modules:

    wheel       the published package, downloaded once and checked by its SHA-256
    checkpoint  the TensorFlow checkpoint in it -> arrays by variable name
    musicnn     variables -> the tensors of the model, in the layout that Taggram computes with
    quantise    float32 kernels -> int16 with one float32 scale an output channel
    model_file  tensors and facts -> GGUF, and back
    catalogue   which models there are, and where each comes from
"""
