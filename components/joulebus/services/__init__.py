"""What runs as a process of its own on the bus."""
