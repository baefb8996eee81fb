"""Benchmarks: nnlib against a peer in the same process. ``python -m tests.bench`` runs them."""
