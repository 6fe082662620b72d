"""Our own redaction, from the places that the service found: policies, pseudonyms, and the text they give."""
