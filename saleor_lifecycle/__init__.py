"""Lifecycle marketing for Saleor: one Django app, label "lifecycle"."""

__version__ = "0.1.0"
