"""A stranger's file becomes a table of plain text: what it is, how it is laid out, where its rows are."""
