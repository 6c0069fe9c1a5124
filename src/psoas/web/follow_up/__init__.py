"""Follow-up on the screen: what the records hold of a course, its forms and its picture."""
