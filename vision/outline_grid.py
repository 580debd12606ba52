"""The places along the trunk at which its silhouette is sampled."""

from __future__ import annotations

from typing import Final

import numpy as np

ALONG: Final = np.linspace(-0.1, 1.3, 57)
"""In trunk lengths from mid-shoulder (0) to mid-hip (1) and beyond."""
