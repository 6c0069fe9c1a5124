"""Words that pages say and that are not part of a template."""

SAID = {
    "added": "Added.",
    "changed": "The change is saved.",
    "erased": "The person and everything kept about them is erased.",
    "disabled": "This account can no longer sign in. Its open sessions have ended.",
    "password": "The password is changed.",
    "withdrawn": "The link no longer works.",
    "signed-out": "You are signed out.",
}
"""What is said after a redirect, by the word in the address (`?said=added`); an unknown word says nothing."""
