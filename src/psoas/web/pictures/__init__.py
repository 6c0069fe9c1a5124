"""Pictures that pages hold: the pain drawing, the body with its flexors, figures, codes for telephones."""
