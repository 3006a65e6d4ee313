"""What matters keep of persons: told to them, erased with them, forgotten after its days."""
