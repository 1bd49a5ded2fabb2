"""Hosts as a picture: what stands on what. Source: all of it is ours; Windows draws nothing."""
