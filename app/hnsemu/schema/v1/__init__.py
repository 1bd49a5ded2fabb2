"""HNS 1, a dialect: translated to HCN 2 on the way in, rendered from facts on the way out."""
