"""The brief (简报) of a week or a month: what rose, what fell, limits that were broken, three matters to read."""
