"""The wheel and the source distribution: built, looked into, installed and run."""
