"""Lists of pioneers as the offices keep them: read, matched with who is known, written whole or not at all."""
