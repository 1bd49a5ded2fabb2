"""The whole OpenAPI document under generated requests (`make check-heavy`)."""
