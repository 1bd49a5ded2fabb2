"""What the daemon decides: pure functions of values."""
