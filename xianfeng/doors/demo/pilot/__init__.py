"""The pilot year of Deqing, replayed: every figure comes of the real operations, at dates drawn from a seed."""
