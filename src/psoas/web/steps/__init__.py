"""The visit as pages: what is shown, what is taken, and what keeps two people from losing each other's answers."""
