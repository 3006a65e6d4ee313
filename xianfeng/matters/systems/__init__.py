"""Systems as folders of data: read with their lines, checked, composed into services, loaded (docs/catalogue.md)."""
