"""Tables as people send them: a file is opened, its header understood, its lines told apart or rejected, and why."""
