"""SQL that types a stranger's text and compares it with what is stored: DuckDB only. Nothing of a file but its values
is ever looked at, and no header becomes a name. What runs on any engine is in `queries/`."""
