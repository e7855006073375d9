"""The commands of the terminal, a module for each family of them."""
