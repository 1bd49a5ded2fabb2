"""What people take from a real Windows host: read, made a host of, compared with one, anonymised.

A client of HNS, as Docker is: the documents go through the same services as those of programs.
"""
