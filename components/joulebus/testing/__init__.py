"""What only tests use: a bus without a router, and a comparison of two catalogues. Nothing else may import it."""
