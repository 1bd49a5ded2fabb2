"""The whole OpenAPI document under generated requests (`make test-schemathesis`)."""
