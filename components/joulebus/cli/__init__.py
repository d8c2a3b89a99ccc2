"""The command line that people like: ``joulebus --help``."""
