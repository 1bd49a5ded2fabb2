"""Generated clients at work: one smoke program a language, run by `make sdk`."""
