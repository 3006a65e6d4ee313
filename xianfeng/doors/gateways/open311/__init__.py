"""Open311 GeoReport v2: other cities' programs report here and read what became of it (docs/open311.md)."""
