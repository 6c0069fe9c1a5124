"""The practice app: a whole visit in a browser, on this machine, without the internet.

`psoas.web.app.create_app` makes it, `psoas.web.serve` starts it; nothing is imported before one of them is asked for.
"""
