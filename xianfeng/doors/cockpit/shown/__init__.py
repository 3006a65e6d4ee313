"""What pages show: figures in words with their links, panels, charts and the drawn plates."""
