"""FastAPI only: parse, call one service, render."""
