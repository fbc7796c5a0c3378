"""Many visitors at once: real sessions on a real server, what they are answered and how soon."""
