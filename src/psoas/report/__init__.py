"""Every wording once: the answer as text, handouts, letters and FHIR."""
