"""The schema's steps; run by `vision.store.database.Database`, never by hand."""
