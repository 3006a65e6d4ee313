"""Taking in what people wrote elsewhere: read a file, place it in the city, write needs, play the loop over them."""
