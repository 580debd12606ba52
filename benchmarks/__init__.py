"""Measurements of speed, memory and pose models; each module is run by itself with ``python -m``."""
