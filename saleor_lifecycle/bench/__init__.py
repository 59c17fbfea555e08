"""Floors and ratios: what the app does, beside the least that any program would have to do for the same."""
