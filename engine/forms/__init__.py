"""Forms: JSON Schema 2020-12 with our few ``x-`` words; checks at deployment and at submission."""
