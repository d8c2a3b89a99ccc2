"""What people are told when something does not fit: messages, constraints, units."""
