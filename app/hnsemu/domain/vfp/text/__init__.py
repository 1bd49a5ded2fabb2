"""What vfpctrl prints, in the layout that its users and their parsers know."""
