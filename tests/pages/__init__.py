"""Pages as HTML; tests/browser looks at them in a browser."""
