"""Plumbline: an ordinary camera as a coach's eye for the hips."""

__version__ = "0.1.0"
