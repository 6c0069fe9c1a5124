"""Records of what helps: care, exercises, pathways, interactions, outcomes and prognosis."""
