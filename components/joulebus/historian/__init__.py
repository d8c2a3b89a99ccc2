"""The historian: follows the journal of a home into a database that can be asked questions, and from which it can be rebuilt."""
