"""What policies mean: facts, what makes them valid, and what they compile to."""
