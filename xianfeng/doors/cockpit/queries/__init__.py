"""What boards, maps and lists read: sums from the rollups, rows from the ledger. Every one begins from a Slice."""
