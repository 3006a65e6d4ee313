"""What mediation keeps of persons: told to them, and erased with them."""
