"""Messages and signals: who waits for what, and delivery in the transaction of the throw."""
