"""Pages of the cockpit: boards, the rows behind a figure, charts with their tables, own boards, the register."""
