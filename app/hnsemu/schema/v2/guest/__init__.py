"""Documents of guests: services, messages and objects inside a virtual machine."""
