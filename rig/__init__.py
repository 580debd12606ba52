"""Rendered people whose pelvis is known exactly.

The product never imports this package. It makes the pictures that the pelvis network is trained on and
the clips that judge it: bodies from MakeHuman's CC0 data, clothes draped over the posed body, procedural
rooms, a pinhole camera, and the truth beside every picture.

World axes: x to the subject's left, −y forward, z up; metres, degrees. A body at rest stands upright.
"""
