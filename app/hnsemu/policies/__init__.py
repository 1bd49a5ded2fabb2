"""What each policy type is: who carries it, what makes it valid, what it means. Pure."""
