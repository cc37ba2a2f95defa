"""Turns the published weights of a music tagger into one GGUF file that Taggram reads.

Run it as `python models/convert`: it makes all published models, or those that are named, or one from a checkpoint of
your own (`--help`). Data flows one way through these modules:

    wheel       the published package, downloaded once and checked by its SHA-256
    source      the TensorFlow checkpoint in it, or in a folder, and which network it is
    checkpoint  its variables as arrays by name; protobuf reads the wire format of it and of
    graph       its training graph -> how a vgg is pooled
    musicnn     variables -> the tensors of the model, in the layout that Taggram computes with
    vgg         the same for the other architecture; network has what both are made of
    prune       filters that training drove to zero are left out, what they answer is folded into the next layer
    quantise    float32 kernels -> int16 with one float32 scale an output channel
    model_file  tensors and facts -> GGUF, and back
    catalogue   which models are published, and what a reader of their files is told
"""
