"""Documents of our own making: hosts as they are defined, and what Windows would show of one."""
