"""Use cases: one public function is exactly one transaction."""
