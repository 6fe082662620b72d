"""Random requests to every operation of the service's OpenAPI documents."""
