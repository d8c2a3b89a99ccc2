"""A home in a cluster: what its objects look like, how the cluster and the home agree, and who acts. Nothing here imports a client."""
