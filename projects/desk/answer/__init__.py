"""What support can answer a customer who asks about a picture."""
