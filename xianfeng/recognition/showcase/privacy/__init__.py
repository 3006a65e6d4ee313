"""What the showcase keeps of persons: told to them, and erased with them."""
