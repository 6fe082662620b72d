"""Projects that stand for trained models."""
