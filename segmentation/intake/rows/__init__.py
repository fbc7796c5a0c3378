"""Text becomes typed order lines: the SQL that reads, judges and stages each row."""
