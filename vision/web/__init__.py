"""The routes beside the pages: clips come in, films and reports go out, nobody else looks in."""
