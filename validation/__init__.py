"""How far Plumbline can be trusted: its own pipeline against data with known answers.

Run with ``python -m validation accuracy``. Nothing in ``vision`` imports this package; the data lie
outside the repository, except for the rendered clips in ``videos/``.
"""
