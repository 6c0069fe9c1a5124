"""The shape of each evidence pack, one module for each file of `data/`: the keys of the YAML are the fields here."""
