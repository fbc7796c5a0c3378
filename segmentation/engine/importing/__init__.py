"""SQL that types a stranger's text: DuckDB only. Nothing of a file but its values is ever looked at, and no header
becomes a name."""
