// Keeps an open page true: the badge, the feed, a need's life. Filled below.
