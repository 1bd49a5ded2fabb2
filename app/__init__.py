"""hnsemu: the Windows Host Networking Service as a REST microservice."""
