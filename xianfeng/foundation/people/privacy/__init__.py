"""What is one's own: told whole, erased for good, and who looked at it."""
