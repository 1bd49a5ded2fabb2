"""State documents: what a member of one may be."""
