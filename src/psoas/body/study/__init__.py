"""Many bodies at once: population studies, sensitivity, and validation against measurements."""
