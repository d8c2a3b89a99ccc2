"""Columns of files that others hand out: loads of a grid operator, prices of an exchange. Understood without a guess, or refused."""
