"""The only place that says select(); no decisions."""
