"""What commands print: an assessment, a plan, the evidence."""
