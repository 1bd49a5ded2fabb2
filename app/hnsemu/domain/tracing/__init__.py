"""The walk of one packet through compartments, ports, layers, switches, NAT and other hosts."""
