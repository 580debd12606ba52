"""One file per screen, each with a ``page()``."""
