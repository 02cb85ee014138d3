"""Messages that leave the house: the only room of the program that calls anybody outside."""
