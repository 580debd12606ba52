"""One set before a browser's camera: the thread that judges it, its recording, and its words."""
