"""The home file: read, checked with line and path, and written."""
