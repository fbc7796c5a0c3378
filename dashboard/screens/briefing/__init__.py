"""The Briefing screen, and the parts that only it uses."""
