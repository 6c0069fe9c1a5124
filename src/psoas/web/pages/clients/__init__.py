"""What a client opens by a private link: the intake and check-ins."""
