"""Lists of pioneers that staff send in: kept sealed, looked at, taken in, forgotten."""
