"""What the tools of developers do."""
