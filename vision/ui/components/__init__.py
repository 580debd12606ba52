"""The parts of a screen that live in the browser: player, comparison, upload, drawing."""
