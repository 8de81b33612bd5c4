"""The engine on real databases, through its front door."""
