"""Trains the paper's own two models. README.md tells how."""
