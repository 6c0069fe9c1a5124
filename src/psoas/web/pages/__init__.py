"""The pages, a module per subject; each has `router`, and `psoas.web.app` takes in every module it finds here."""
