"""Tools of the people who build the house; the product does not need them."""
