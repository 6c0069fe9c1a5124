"""Pictures of the body model for researchers, and the plots of its results."""
