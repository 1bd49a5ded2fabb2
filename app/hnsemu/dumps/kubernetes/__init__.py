"""What `kubectl get -o yaml` says of a cluster: read, and made hosts of, one per Windows node.

A module per subject decides, from values alone: `nodes`, `pods`, `services`, `policies`. `plan`
puts together what they say, and `importing` writes it through the services.
"""
