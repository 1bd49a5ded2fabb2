"""Plans of calls that settle what is only inferred of Windows, and what real hosts answered."""
