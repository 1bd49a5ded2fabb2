module hnsemu/sdk

go 1.25.0
