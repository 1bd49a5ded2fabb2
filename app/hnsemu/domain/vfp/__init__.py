"""The Virtual Filtering Platform: ports, layers, groups and rules, compiled from policies."""
