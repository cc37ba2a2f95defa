"""The networks as general runtimes run them, for the benchmark."""
