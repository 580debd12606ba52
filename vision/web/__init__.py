"""The routes beside the pages: clips in, films and reports out, for the one who owns them."""
